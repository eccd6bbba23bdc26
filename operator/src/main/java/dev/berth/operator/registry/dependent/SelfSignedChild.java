package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;

/** A Secret that there is only while the registry's own authority issues its certificate. */
abstract class SelfSignedChild extends SecretChild implements Deleter<Registry> {

  SelfSignedChild(String name) {
    super(name);
  }

  abstract Secret desired(RegistryModel model, TlsModel.SelfSigned tls);

  @Override
  public final boolean isWanted(RegistryModel model) {
    return model.tls() instanceof TlsModel.SelfSigned;
  }

  @Override
  public final Secret desired(RegistryModel model) {
    return desired(model, (TlsModel.SelfSigned) model.tls());
  }
}
