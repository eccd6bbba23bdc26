package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.Secret;

/** What must outlive every pod and stay secret. Pods mount all of it but the authority's key. */
public final class KeysChild extends SecretChild {

  public KeysChild() {
    super("keys");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.keys();
  }

  @Override
  public Secret desired(RegistryModel model) {
    return secret(model, "Opaque", model.keys().data());
  }
}
