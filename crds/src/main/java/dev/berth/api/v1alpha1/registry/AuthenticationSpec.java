package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is known to the registry. Each part adds callers; what they may do is up to AccessPolicies.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AuthenticationSpec(
    @JsonPropertyDescription("Users with passwords in a Secret. Default: none.")
        @Nullable UsersAuthentication users,
    @JsonPropertyDescription("Tokens of the ServiceAccounts of this cluster. Default: accepted.")
        @Nullable ServiceAccountsAuthentication serviceAccounts,
    @Size(max = 32)
        @JsonPropertyDescription("OpenID Connect issuers whose tokens are accepted as passwords.")
        List<OidcIssuer> oidc,
    @JsonPropertyDescription("Users of a directory. Default: none.")
        @Nullable LdapAuthentication ldap,
    @JsonPropertyDescription(
            "Callers without credentials. Default: enabled, which by itself grants nothing.")
        @Nullable AnonymousAuthentication anonymous) {

  /** Puts the documented defaults in place of what is absent. */
  public AuthenticationSpec {
    oidc = requireNonNullElse(oidc, List.of());
  }
}
