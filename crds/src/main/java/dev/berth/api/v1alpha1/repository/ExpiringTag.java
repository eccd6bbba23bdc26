package dev.berth.api.v1alpha1.repository;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A tag or manifest that the next run deletes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExpiringTag(
    @Required @JsonPropertyDescription("The repository.") String repository,
    @JsonPropertyDescription("The tag; absent for an untagged manifest.") @Nullable String tag,
    @Required @JsonPropertyDescription("The digest of the manifest.") String digest,
    @JsonPropertyDescription("The rule that names it, for example expire[0].")
        @Nullable String rule,
    @JsonPropertyDescription("Why the rule names it.") @Nullable String reason) {}
