package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** A Grafana dashboard. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DashboardSpec(
    @Default("false")
        @JsonPropertyDescription("Whether there is a ConfigMap with a dashboard. Default: false.")
        Boolean enabled) {

  /** Puts the documented defaults in place of what is absent. */
  public DashboardSpec {
    enabled = requireNonNullElse(enabled, false);
  }
}
