package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What the registry logs. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggingSpec(
    @Default("INFO")
        @JsonPropertyDescription("From which severity on lines are logged. Default: INFO.")
        LogLevel level,
    @Default("true")
        @JsonPropertyDescription(
            "Whether each decision that changes or denies something is logged as a line of "
                + "its own. Default: true.")
        Boolean audit) {

  /** Puts the documented defaults in place of what is absent. */
  public LoggingSpec {
    level = requireNonNullElse(level, LogLevel.INFO);
    audit = requireNonNullElse(audit, true);
  }
}
