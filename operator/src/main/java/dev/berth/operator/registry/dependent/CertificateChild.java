package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;

/** The certificate that clients see, where the registry's own authority issued it. */
public final class CertificateChild extends SelfSignedChild {

  public CertificateChild() {
    super("certificate");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.certificate();
  }

  @Override
  Secret desired(RegistryModel model, TlsModel.SelfSigned tls) {
    return secret(
        model,
        "kubernetes.io/tls",
        Map.of(
            "tls.crt", tls.server().certificate(),
            "tls.key", tls.server().key(),
            "ca.crt", tls.authorityCertificate()));
  }
}
