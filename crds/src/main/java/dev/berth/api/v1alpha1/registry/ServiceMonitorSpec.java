package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** A ServiceMonitor of the Prometheus operator. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceMonitorSpec(
    @Default("false") @JsonPropertyDescription("Whether there is a ServiceMonitor. Default: false.")
        Boolean enabled,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Labels of the ServiceMonitor, besides those that the operator sets.")
        Map<String, @Size(max = 63) String> labels) {

  /** Puts the documented defaults in place of what is absent. */
  public ServiceMonitorSpec {
    enabled = requireNonNullElse(enabled, false);
    labels = requireNonNullElse(labels, Map.of());
  }
}
