package dev.berth.api.v1alpha1.repository;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How full the repositories are. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositoryUsage(
    @JsonPropertyDescription("Number of tags.") @Nullable Long tags,
    @JsonPropertyDescription("Number of manifests.") @Nullable Long manifests,
    @JsonPropertyDescription(
            "Bytes that the repositories refer to, a blob shared between them counted for "
                + "each.")
        @Nullable Long logicalBytes,
    @JsonPropertyDescription("Bytes that only these repositories refer to.")
        @Nullable Long uniqueBytes,
    @JsonPropertyDescription("When something was last pushed.") @Nullable String lastPushAt,
    @JsonPropertyDescription("When something was last pulled.") @Nullable String lastPullAt) {}
