package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** CPU and memory of the container of the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourcesSpec(
    @Size(max = 16)
        @JsonPropertyDescription("What is reserved, for example cpu: 100m and memory: 256Mi.")
        Map<String, @Pattern(Grammar.QUANTITY) Quantity> requests,
    @Size(max = 16)
        @JsonPropertyDescription(
            "What is allowed at most, for example memory: 512Mi. The heap follows the "
                + "memory limit.")
        Map<String, @Pattern(Grammar.QUANTITY) Quantity> limits) {

  /** Puts the documented defaults in place of what is absent. */
  public ResourcesSpec {
    requests = requireNonNullElse(requests, Map.of());
    limits = requireNonNullElse(limits, Map.of());
  }
}
