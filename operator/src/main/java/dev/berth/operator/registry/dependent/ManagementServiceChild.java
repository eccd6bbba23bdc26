package dev.berth.operator.registry.dependent;

import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/**
 * The addresses of every replica's management port, for metrics; without a cluster address of its
 * own.
 */
public final class ManagementServiceChild extends RegistryChild<Service> {

  public ManagementServiceChild() {
    super(Service.class, "management-service");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.managementService();
  }

  @Override
  public Service desired(RegistryModel model) {
    return new ServiceBuilder()
        .withMetadata(metadata(model))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(Labels.selectorOf(model.names().name()))
        .addNewPort()
        .withName(WorkloadChild.MANAGEMENT_PORT)
        .withProtocol("TCP")
        .withPort(ServerContainer.MANAGEMENT)
        .withTargetPort(new IntOrString(WorkloadChild.MANAGEMENT_PORT))
        .endPort()
        .endSpec()
        .build();
  }
}
