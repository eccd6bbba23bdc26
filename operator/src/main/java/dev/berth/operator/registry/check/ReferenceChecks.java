package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.ExternalHost;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.KeyPairPem;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What the spec names in its namespace: whether it is there, and of use. */
final class ReferenceChecks {
  private ReferenceChecks() {}

  static Stream<Finding> certificate(Registry registry, References references, Instant now) {
    var tls = registry.getSpec().tls();
    if (tls == null || tls.secretRef() == null) {
      return Stream.empty();
    }
    String name = tls.secretRef().name();
    Secret secret = references.tls();
    if (secret == null) {
      return certificateFinding(
          Reason.SECRET_MISSING, "There is no Secret %s in this namespace".formatted(name));
    }
    String certificate = SecretText.of(secret, "tls.crt");
    String key = SecretText.of(secret, "tls.key");
    if (certificate == null || key == null) {
      return certificateFinding(
          Reason.SECRET_INVALID,
          "Secret %s needs the keys tls.crt and tls.key, as type kubernetes.io/tls has them"
              .formatted(name));
    }
    try {
      CertificateFacts facts = CertificateFacts.of(new KeyPairPem(certificate, key));
      return certificate(registry, name, facts, now);
    } catch (CertificateException e) {
      return certificateFinding(
          Reason.SECRET_INVALID,
          "Secret %s holds no usable certificate: %s".formatted(name, e.getMessage()));
    }
  }

  private static Stream<Finding> certificate(
      Registry registry, String secret, CertificateFacts facts, Instant now) {
    if (now.isAfter(facts.notAfter())) {
      return certificateFinding(
          Reason.CERTIFICATE_EXPIRED,
          "The certificate in Secret %s ended at %s".formatted(secret, facts.notAfter()));
    }
    List<String> missing =
        facts.missing(registry.getSpec().externalHosts().stream().map(ExternalHost::name).toList());
    return missing.isEmpty()
        ? Stream.empty()
        : finding(
            ConditionType.CERTIFICATE_VALID,
            Reason.HOST_NOT_COVERED,
            Effect.NOTED,
            "The certificate in Secret %s does not name %s"
                .formatted(secret, String.join(", ", missing)));
  }

  static Stream<Finding> users(Registry registry, References references, Instant now) {
    var authentication = registry.getSpec().authentication();
    if (authentication == null || authentication.users() == null) {
      return Stream.empty();
    }
    String name = authentication.users().secretRef().name();
    Secret secret = references.users();
    if (secret == null) {
      return finding(
          ConditionType.AUTHENTICATION_READY,
          Reason.SECRET_MISSING,
          Effect.NOT_READY,
          "There is no Secret %s in this namespace, so nobody can log in".formatted(name));
    }
    String htpasswd = SecretText.of(secret, "htpasswd");
    return htpasswd == null
        ? finding(
            ConditionType.AUTHENTICATION_READY,
            Reason.SECRET_INVALID,
            Effect.NOT_READY,
            "Secret %s has no key htpasswd, so nobody can log in".formatted(name))
        : Htpasswd.problem(htpasswd).stream()
            .map(
                problem ->
                    new Finding(
                        ConditionType.AUTHENTICATION_READY,
                        Reason.SECRET_INVALID,
                        Effect.NOT_READY,
                        "Secret %s, key htpasswd, %s".formatted(name, problem)));
  }

  private static Stream<Finding> certificateFinding(Reason reason, String message) {
    return finding(ConditionType.CERTIFICATE_VALID, reason, Effect.NOT_READY, message);
  }

  private static Stream<Finding> finding(
      ConditionType type, Reason reason, Effect effect, String message) {
    return Stream.of(new Finding(type, reason, effect, message));
  }
}
