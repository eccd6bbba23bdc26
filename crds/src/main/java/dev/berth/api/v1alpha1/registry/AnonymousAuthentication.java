package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** Callers without credentials. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnonymousAuthentication(
    @Default("true")
        @JsonPropertyDescription(
            "Whether AccessPolicies and public Repositories may grant callers without "
                + "credentials anything. Default: true.")
        Boolean enabled) {

  /** Puts the documented defaults in place of what is absent. */
  public AnonymousAuthentication {
    enabled = requireNonNullElse(enabled, true);
  }
}
