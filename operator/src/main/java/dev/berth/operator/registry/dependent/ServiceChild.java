package dev.berth.operator.registry.dependent;

import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.ServiceModel;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The Service that clients use. */
public final class ServiceChild extends RegistryChild<Service> {

  public ServiceChild() {
    super(Service.class, "service");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.service();
  }

  @Override
  public Service desired(RegistryModel model) {
    ServiceModel service = model.service();
    return new ServiceBuilder()
        .withMetadata(metadata(model))
        .editMetadata()
        .withAnnotations(service.annotations())
        .endMetadata()
        .withNewSpec()
        .withType(service.type())
        .withSelector(Labels.selectorOf(model.names().name()))
        .addNewPort()
        .withName(WorkloadChild.HTTP_PORT)
        .withProtocol("TCP")
        .withPort(service.port())
        .withTargetPort(new IntOrString(WorkloadChild.HTTP_PORT))
        .withNodePort(service.nodePort())
        .endPort()
        .endSpec()
        .build();
  }
}
