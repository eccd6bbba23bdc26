package dev.berth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Limits of a repository. What is absent is not limited. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositoryQuota(
    @Min(0)
        @Pattern(Grammar.QUANTITY)
        @JsonPropertyDescription(
            "Most bytes of all blobs and manifests together, each counted once, for "
                + "example 50Gi.")
        @Nullable Quantity storage,
    @Min(1) @Max(1000000) @JsonPropertyDescription("Most tags of one repository.")
        @Nullable Integer tags,
    @Min(0)
        @Pattern(Grammar.QUANTITY)
        @JsonPropertyDescription("Largest manifest that may be pushed, in bytes, for example 4Mi.")
        @Nullable Quantity manifestSize,
    @Min(0)
        @Pattern(Grammar.QUANTITY)
        @JsonPropertyDescription(
            "Largest image that may be pushed, its manifest, configuration and layers "
                + "together, in bytes, for example 5Gi.")
        @Nullable Quantity imageSize) {}
