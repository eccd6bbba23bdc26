package dev.berth.api.v1alpha1.accesspolicy;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.condition.Condition;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an AccessPolicy is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessPolicyStatus(
    @Min(0) @JsonPropertyDescription("metadata.generation of the spec that this status describes.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription("What is true of this AccessPolicy now. Each type is there once.")
        List<Condition> conditions,
    @JsonPropertyDescription("The Secrets that are kept.") @Nullable PullSecretsStatus pullSecrets,
    @JsonPropertyDescription("Number of repositories that the rules match now.")
        @Nullable Integer effectiveRepositories) {

  /** Puts the documented defaults in place of what is absent. */
  public AccessPolicyStatus {
    conditions = requireNonNullElse(conditions, List.of());
  }

  /** A builder without any value. */
  public static AccessPolicyStatusBuilder builder() {
    return new AccessPolicyStatusBuilder();
  }
}
