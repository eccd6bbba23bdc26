package dev.berth.operator.registry.model;

import static dev.berth.operator.registry.model.ServerConfiguration.ordered;

import dev.berth.api.v1alpha1.registry.LdapAuthentication;
import dev.berth.api.v1alpha1.registry.OidcIssuer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code authentication} of the server's registry.yaml. Every file may come later than the
 * pod: a registry without one kind of its callers still serves all others.
 */
final class AuthenticationConfiguration {
  private AuthenticationConfiguration() {}

  static Map<String, Object> of(AuthenticationModel model) {
    Map<String, Object> authentication = new LinkedHashMap<>();
    authentication.put("signingKeyFile", "keys/signing.pem");
    authentication.put("pullSecretKeyFile", "keys/pull-secrets.key");
    if (model.usersSecret() != null) {
      authentication.put("htpasswd", ordered("file", "users/htpasswd", "optional", true));
    }
    if (!model.oidc().isEmpty()) {
      List<Map<String, Object>> issuers = new ArrayList<>();
      for (OidcIssuer issuer : model.oidc()) {
        issuers.add(oidc(issuer, AuthenticationFiles.issuerAuthority(issuers.size())));
      }
      authentication.put("oidc", issuers);
    }
    if (model.ldap() != null) {
      authentication.put("ldap", ldap(model.ldap()));
    }
    return authentication;
  }

  private static Map<String, Object> oidc(OidcIssuer issuer, String authority) {
    Map<String, Object> oidc =
        ordered(
            "issuer",
            issuer.issuer(),
            "audience",
            issuer.audience(),
            "usernameClaim",
            issuer.usernameClaim(),
            "groupsClaim",
            issuer.groupsClaim());
    if (!issuer.requiredClaims().isEmpty()) {
      oidc.put(
          "requiredClaims",
          issuer.requiredClaims().stream()
              .map(required -> ordered("claim", required.claim(), "value", required.value()))
              .toList());
    }
    if (issuer.caSecretRef() != null) {
      oidc.put("caFile", authority + "/" + AuthenticationFiles.AUTHORITY);
    }
    return oidc;
  }

  private static Map<String, Object> ldap(LdapAuthentication spec) {
    Map<String, Object> ldap =
        ordered(
            "url",
            spec.url(),
            "userSearchBase",
            spec.userSearchBase(),
            "userAttribute",
            spec.userAttribute());
    if (spec.groupSearchBase() != null) {
      ldap.put("groupSearchBase", spec.groupSearchBase());
    }
    if (spec.bindSecretRef() != null) {
      ldap.put(
          "bind",
          ordered(
              "dnFile",
              AuthenticationFiles.BIND + "/" + AuthenticationFiles.BIND_DN,
              "passwordFile",
              AuthenticationFiles.BIND + "/" + AuthenticationFiles.BIND_PASSWORD));
    }
    if (spec.caSecretRef() != null) {
      ldap.put("caFile", AuthenticationFiles.LDAP_AUTHORITY + "/" + AuthenticationFiles.AUTHORITY);
    }
    return ldap;
  }
}
