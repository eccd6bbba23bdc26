package dev.berth.operator.nodeaccess;

import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/**
 * The identity of the agents: without rights or a token, but a name of its own that a cluster may
 * let mount a directory of the host.
 */
public final class NodeAccountChild extends NodeChild<ServiceAccount> {

  public NodeAccountChild() {
    super(ServiceAccount.class, "node-service-account");
  }

  @Override
  public ServiceAccount desired(RegistryModel model) {
    return new ServiceAccountBuilder()
        .withMetadata(metadata(model))
        .withAutomountServiceAccountToken(false)
        .build();
  }
}
