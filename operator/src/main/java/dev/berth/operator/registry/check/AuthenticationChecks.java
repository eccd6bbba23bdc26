package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.SecretKeyRef;
import dev.berth.api.v1alpha1.registry.LdapAuthentication;
import dev.berth.api.v1alpha1.registry.OidcIssuer;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.ServiceAccountsAuthentication;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.AuthenticationFiles;
import dev.berth.operator.tls.ProvidedCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Issuers of tokens and the directory: whether they are told apart, and their Secrets of use. */
final class AuthenticationChecks {
  private AuthenticationChecks() {}

  /** Whose token it is must follow from its issuer. */
  static Stream<Finding> issuers(Registry registry, References references, Instant now) {
    List<OidcIssuer> issuers = oidc(registry);
    Map<String, Integer> first = new HashMap<>();
    return IntStream.range(0, issuers.size())
        .boxed()
        .flatMap(
            i -> {
              String issuer = issuers.get(i).issuer();
              Integer before = first.putIfAbsent(issuer, i);
              String field = "spec.authentication.oidc[%d].issuer %s ".formatted(i, issuer);
              if (before != null) {
                return invalid(field + "is that of oidc[%d] too, and left out".formatted(before));
              }
              return issuer.equals(references.clusterIssuer())
                      && ServiceAccountsAuthentication.isEnabled(
                          registry.getSpec().authentication())
                  ? invalid(
                      field
                          + "is this cluster's own, whose tokens authentication.serviceAccounts is"
                          + " about")
                  : Stream.empty();
            });
  }

  static Stream<Finding> oidc(Registry registry, References references, Instant now) {
    return oidc(registry).stream()
        .flatMap(
            issuer ->
                authority(
                    issuer.caSecretRef(),
                    references,
                    "no token of %s is accepted".formatted(issuer.issuer())));
  }

  static Stream<Finding> ldap(Registry registry, References references, Instant now) {
    var authentication = registry.getSpec().authentication();
    LdapAuthentication ldap = authentication == null ? null : authentication.ldap();
    if (ldap == null) {
      return Stream.empty();
    }
    String consequence = "no user of %s can log in".formatted(ldap.url());
    return Stream.concat(
        bind(ldap, references, consequence),
        authority(ldap.caSecretRef(), references, consequence));
  }

  private static Stream<Finding> bind(
      LdapAuthentication ldap, References references, String consequence) {
    if (ldap.bindSecretRef() == null) {
      return Stream.empty();
    }
    String name = ldap.bindSecretRef().name();
    Secret secret = references.callers().get(name);
    if (secret == null) {
      return missing(name, consequence);
    }
    return Stream.of(AuthenticationFiles.BIND_DN, AuthenticationFiles.BIND_PASSWORD)
        .filter(key -> Optional.ofNullable(SecretText.of(secret, key)).orElse("").isBlank())
        .map(
            key ->
                finding(
                    Reason.SECRET_INVALID,
                    "Secret %s has no key %s, or an empty one, so %s"
                        .formatted(name, key, consequence)));
  }

  private static Stream<Finding> authority(
      @Nullable SecretKeyRef ref, References references, String consequence) {
    if (ref == null) {
      return Stream.empty();
    }
    Secret secret = references.callers().get(ref.name());
    if (secret == null) {
      return missing(ref.name(), consequence);
    }
    String authority = SecretText.of(secret, ref.key());
    if (authority == null) {
      return Stream.of(
          finding(
              Reason.SECRET_INVALID,
              "Secret %s has no key %s, so %s".formatted(ref.name(), ref.key(), consequence)));
    }
    return ProvidedCertificate.isBundle(authority)
        ? Stream.empty()
        : Stream.of(
            finding(
                Reason.SECRET_INVALID,
                "Secret %s, key %s, is no PEM certificate, so %s"
                    .formatted(ref.name(), ref.key(), consequence)));
  }

  private static List<OidcIssuer> oidc(Registry registry) {
    var authentication = registry.getSpec().authentication();
    return authentication == null ? List.of() : authentication.oidc();
  }

  private static Stream<Finding> missing(String secret, String consequence) {
    return Stream.of(
        finding(
            Reason.SECRET_MISSING,
            "There is no Secret %s in this namespace, so %s".formatted(secret, consequence)));
  }

  private static Stream<Finding> invalid(String message) {
    return Stream.of(finding(Reason.INVALID_SPEC, message));
  }

  private static Finding finding(Reason reason, String message) {
    return new Finding(ConditionType.AUTHENTICATION_READY, reason, Effect.NOT_READY, message);
  }
}
