package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;

/** The CA certificate, without its key, for users to trust. */
public final class AuthorityChild extends SelfSignedChild {

  public AuthorityChild() {
    super("authority");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.authority();
  }

  @Override
  Secret desired(RegistryModel model, TlsModel.SelfSigned tls) {
    return secret(model, "Opaque", Map.of("ca.crt", tls.authorityCertificate()));
  }
}
