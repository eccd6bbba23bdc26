package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/** The identity of the server's pods. It has no rights, and its token is not mounted. */
public final class ServiceAccountChild extends RegistryChild<ServiceAccount> {

  public ServiceAccountChild() {
    super(ServiceAccount.class, "service-account");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.workload();
  }

  @Override
  public ServiceAccount desired(RegistryModel model) {
    return new ServiceAccountBuilder()
        .withMetadata(metadata(model))
        .withAutomountServiceAccountToken(false)
        .build();
  }
}
