package dev.berth.operator.registry;

import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.TlsModel;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.KeyPairPem;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.CertificateException;
import java.util.Optional;

/**
 * What the status tells of the certificate that clients see; empty without one that can be read.
 */
final class CertificateInUse {
  private CertificateInUse() {}

  static Optional<CertificateFacts> of(RegistryModel model, References references) {
    return switch (model.tls()) {
      case TlsModel.Disabled disabled -> Optional.empty();
      case TlsModel.SelfSigned self -> facts(self.server());
      case TlsModel.CertManager certManager -> ofForeign(references);
      case TlsModel.Provided provided -> ofForeign(references);
    };
  }

  /** The one that the registry's own authority did not issue. */
  static Optional<CertificateFacts> ofForeign(References references) {
    return Optional.ofNullable(references.tls()).flatMap(CertificateInUse::facts);
  }

  private static Optional<CertificateFacts> facts(Secret secret) {
    String certificate = SecretText.of(secret, "tls.crt");
    String key = SecretText.of(secret, "tls.key");
    return certificate == null || key == null
        ? Optional.empty()
        : facts(new KeyPairPem(certificate, key));
  }

  private static Optional<CertificateFacts> facts(KeyPairPem pair) {
    try {
      return Optional.of(CertificateFacts.of(pair));
    } catch (CertificateException e) {
      // A check has reported it.
      return Optional.empty();
    }
  }
}
