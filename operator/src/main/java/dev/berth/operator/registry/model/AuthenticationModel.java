package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.AuthenticationSpec;
import dev.berth.api.v1alpha1.registry.LdapAuthentication;
import dev.berth.api.v1alpha1.registry.OidcIssuer;
import dev.berth.api.v1alpha1.registry.ServiceAccountsAuthentication;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where callers come from.
 *
 * @param usersSecret name of the Secret with the htpasswd file; null: there are no users
 * @param serviceAccounts whether tokens of the cluster's ServiceAccounts are accepted
 * @param oidc each issuer once
 * @param ldap null: no directory
 */
public record AuthenticationModel(
    @Nullable String usersSecret,
    boolean serviceAccounts,
    List<OidcIssuer> oidc,
    @Nullable LdapAuthentication ldap) {

  static AuthenticationModel of(@Nullable AuthenticationSpec spec) {
    boolean serviceAccounts = ServiceAccountsAuthentication.isEnabled(spec);
    if (spec == null) {
      return new AuthenticationModel(null, serviceAccounts, List.of(), null);
    }
    Set<String> issuers = new HashSet<>();
    return new AuthenticationModel(
        spec.users() == null ? null : spec.users().secretRef().name(),
        serviceAccounts,
        // A check says so of the second of two; the server would take neither.
        spec.oidc().stream().filter(oidc -> issuers.add(oidc.issuer())).toList(),
        spec.ldap());
  }

  /** Whether anybody can log in. */
  public boolean isAny() {
    return usersSecret != null || serviceAccounts || !oidc.isEmpty() || ldap != null;
  }
}
