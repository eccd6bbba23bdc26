package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import java.util.Map;

/** The certificate that clients see, where the registry's own authority issued it. */
public final class CertificateChild extends SecretChild implements Deleter<Registry> {

  public CertificateChild() {
    super("certificate");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.certificate();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.tls() instanceof TlsModel.SelfSigned;
  }

  @Override
  public Secret desired(RegistryModel model) {
    TlsModel.SelfSigned tls = (TlsModel.SelfSigned) model.tls();
    return secret(
        model,
        "kubernetes.io/tls",
        Map.of(
            "tls.crt", tls.server().certificate(),
            "tls.key", tls.server().key(),
            "ca.crt", tls.trusted()));
  }

  /**
   * cert-manager writes to the Secret of the same name: until it does, the pods go on with what is
   * there.
   */
  @Override
  public void delete(Registry registry, Context<Registry> context) {
    if (!(model(context).tls() instanceof TlsModel.CertManager)) {
      super.delete(registry, context);
    }
  }
}
