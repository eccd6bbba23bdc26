package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.ServiceModel;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;

/** The Service that clients use. */
public final class ServiceChild extends RegistryChild<Service> {

  private static final int INVALID = 422;

  public ServiceChild() {
    super(Service.class, "service");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.service();
  }

  /** With the addresses that nodes were told, unless somebody else has got them meanwhile. */
  @Override
  public Service create(Service desired, Registry registry, Context<Registry> context) {
    try {
      return super.create(desired, registry, context);
    } catch (KubernetesClientException e) {
      if (e.getCode() != INVALID || desired.getSpec().getClusterIP() == null) {
        throw e;
      }
      desired.getSpec().setClusterIP(null);
      desired.getSpec().setClusterIPs(List.of());
      return super.create(desired, registry, context);
    }
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
        .withClusterIP(service.addresses().isEmpty() ? null : service.addresses().getFirst())
        .withClusterIPs(service.addresses())
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
