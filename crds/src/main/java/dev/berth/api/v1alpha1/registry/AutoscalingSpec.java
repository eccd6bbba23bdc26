package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Replicas that follow the load. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.minReplicas <= self.maxReplicas",
    message = "minReplicas must not be above maxReplicas",
    fieldPath = ".minReplicas")
public record AutoscalingSpec(
    @Default("2") @Min(1) @Max(100) @JsonPropertyDescription("Fewest replicas. Default: 2.")
        Integer minReplicas,
    @Required @Min(1) @Max(100) @JsonPropertyDescription("Most replicas.") Integer maxReplicas,
    @JsonProperty("targetCPU")
        @Default("70")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription(
            "CPU use that is aimed at, in percent of the request. Default: 70.")
        Integer targetCpu) {

  /** Puts the documented defaults in place of what is absent. */
  public AutoscalingSpec {
    minReplicas = requireNonNullElse(minReplicas, 2);
    targetCpu = requireNonNullElse(targetCpu, 70);
  }
}
