package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** Tokens of the ServiceAccounts of this cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceAccountsAuthentication(
    @Default("true")
        @JsonPropertyDescription(
            "Whether a ServiceAccount token, with the URL of the registry as its audience, "
                + "is accepted as a password. Default: true.")
        Boolean enabled) {

  /** Puts the documented defaults in place of what is absent. */
  public ServiceAccountsAuthentication {
    enabled = requireNonNullElse(enabled, true);
  }

  /** Whether the spec accepts them: where it says nothing, it does. */
  public static boolean isEnabled(@Nullable AuthenticationSpec spec) {
    return spec == null || spec.serviceAccounts() == null || spec.serviceAccounts().enabled();
  }
}
