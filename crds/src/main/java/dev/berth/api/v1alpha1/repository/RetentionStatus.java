package dev.berth.api.v1alpha1.repository;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What retention did and will do. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RetentionStatus(
    @JsonPropertyDescription(
            "Hash of what the next run deletes, for the annotation "
                + "berth.dev/acknowledge-retention.")
        @Nullable String revision,
    @JsonPropertyDescription("When it last ran.") @Nullable String lastRunAt,
    @JsonPropertyDescription("Number of tags that run deleted.") @Nullable Long deletedTags,
    @JsonPropertyDescription("What the next run deletes.") @Nullable RetentionPreview preview) {}
