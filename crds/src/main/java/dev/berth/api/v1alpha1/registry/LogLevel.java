package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** From which severity on lines are logged. */
public enum LogLevel {
  @JsonProperty("ERROR")
  ERROR,
  @JsonProperty("WARN")
  WARN,
  @JsonProperty("INFO")
  INFO,
  @JsonProperty("DEBUG")
  DEBUG,
  @JsonProperty("TRACE")
  TRACE
}
