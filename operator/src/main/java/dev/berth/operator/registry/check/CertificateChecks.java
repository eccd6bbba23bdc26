package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import dev.berth.operator.certmanager.CertManagerLookup;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.ExternalHost;
import dev.berth.operator.tls.ProvidedCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificate that clients see, where somebody else than the registry's authority issued it.
 */
final class CertificateChecks {
  private CertificateChecks() {}

  static Stream<Finding> provided(Registry registry, References references, Instant now) {
    TlsSpec tls = registry.getSpec().tls();
    if (tls == null || tls.secretRef() == null) {
      return Stream.empty();
    }
    String name = tls.secretRef().name();
    return references.tls() == null
        ? finding(
            Reason.SECRET_MISSING,
            Effect.NOT_READY,
            "There is no Secret %s in this namespace".formatted(name))
        : content(registry, references.tls(), now).stream();
  }

  static Stream<Finding> certManager(Registry registry, References references, Instant now) {
    CertManagerLookup found = references.certManager();
    if (found == null) {
      return Stream.empty();
    }
    Secret secret = references.tls();
    Optional<Finding> content = secret == null ? Optional.empty() : content(registry, secret, now);
    boolean serves =
        secret != null && content.filter(finding -> finding.effect() == Effect.NOT_READY).isEmpty();
    // A registry goes on with the certificate that it has.
    Effect effect = serves ? Effect.NOTED : Effect.NOT_READY;
    if (!found.installed()) {
      return finding(
          Reason.CERT_MANAGER_MISSING, effect, "The cluster has no API cert-manager.io/v1");
    }
    Optional<String> pending = found.pending();
    if (pending.isPresent()) {
      return finding(Reason.CERTIFICATE_PENDING, effect, pending.get());
    }
    return secret == null
        ? finding(
            Reason.CERTIFICATE_PENDING,
            Effect.NOT_READY,
            "cert-manager says it has issued the certificate, but its Secret is not there")
        : content.stream();
  }

  private static Optional<Finding> content(Registry registry, Secret secret, Instant now) {
    String name = secret.getMetadata().getName();
    String certificate = SecretText.of(secret, "tls.crt");
    String key = SecretText.of(secret, "tls.key");
    if (certificate == null || key == null) {
      return one(
          Reason.SECRET_INVALID,
          Effect.NOT_READY,
          "Secret %s needs the keys tls.crt and tls.key, as type kubernetes.io/tls has them"
              .formatted(name));
    }
    try {
      return content(
          registry,
          name,
          ProvidedCertificate.of(certificate, key, SecretText.of(secret, "ca.crt")),
          now);
    } catch (CertificateException e) {
      return one(
          Reason.SECRET_INVALID,
          Effect.NOT_READY,
          "Secret %s holds no usable certificate: %s".formatted(name, e.getMessage()));
    }
  }

  private static Optional<Finding> content(
      Registry registry, String secret, ProvidedCertificate certificate, Instant now) {
    if (!now.isBefore(certificate.notAfter())) {
      return one(
          Reason.CERTIFICATE_EXPIRED,
          Effect.NOT_READY,
          "The certificate in Secret %s ended at %s".formatted(secret, certificate.notAfter()));
    }
    if (now.isBefore(certificate.notBefore())) {
      return one(
          Reason.SECRET_INVALID,
          Effect.NOT_READY,
          "The certificate in Secret %s is not valid before %s"
              .formatted(secret, certificate.notBefore()));
    }
    Optional<String> chain = certificate.chainProblem();
    if (chain.isPresent()) {
      return one(
          Reason.CERTIFICATE_CHAIN_INVALID,
          Effect.NOT_READY,
          "Secret %s: %s".formatted(secret, chain.get()));
    }
    List<String> missing =
        certificate
            .facts()
            .missing(registry.getSpec().externalHosts().stream().map(ExternalHost::name).toList());
    return missing.isEmpty()
        ? Optional.empty()
        : one(
            Reason.HOST_NOT_COVERED,
            Effect.NOTED,
            "The certificate in Secret %s does not name %s"
                .formatted(secret, String.join(", ", missing)));
  }

  private static Optional<Finding> one(Reason reason, Effect effect, String message) {
    return Optional.of(new Finding(ConditionType.CERTIFICATE_VALID, reason, effect, message));
  }

  private static Stream<Finding> finding(Reason reason, Effect effect, String message) {
    return one(reason, effect, message).stream();
  }
}
