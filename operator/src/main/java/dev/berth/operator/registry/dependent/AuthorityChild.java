package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import java.util.Map;
import java.util.Objects;

/** The CA certificates, without a key, for users to trust, where the operator knows them. */
public final class AuthorityChild extends SecretChild implements Deleter<Registry> {

  /** The key of the Secret. */
  public static final String FILE = "ca.crt";

  public AuthorityChild() {
    super("authority");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.authority();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.tls().trusted() != null;
  }

  @Override
  public Secret desired(RegistryModel model) {
    return secret(
        model,
        "Opaque",
        Map.of(FILE, Objects.requireNonNull(model.tls().trusted(), "wanted only with it")));
  }
}
