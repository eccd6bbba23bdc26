package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import java.util.Map;

/** The CA certificate, without its key, for users to trust. */
public final class AuthorityChild extends SecretChild implements Deleter<Registry> {

  public AuthorityChild() {
    super("authority");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.authority();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.tls() instanceof TlsModel.SelfSigned;
  }

  @Override
  public Secret desired(RegistryModel model) {
    TlsModel.SelfSigned tls = (TlsModel.SelfSigned) model.tls();
    return secret(model, "Opaque", Map.of("ca.crt", tls.authorityCertificate()));
  }
}
