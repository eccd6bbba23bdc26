package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.dependent.NetworkPolicyChild;
import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import org.jspecify.annotations.Nullable;

/** Lets the operator ask an agent how it stands, and the agents reach nothing. */
public final class NodeNetworkPolicyChild extends NodeChild<NetworkPolicy>
    implements Deleter<Registry> {

  public NodeNetworkPolicyChild() {
    super(NetworkPolicy.class, "node-network-policy");
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return super.isWanted(model) && model.networkPolicy() != null;
  }

  /** Agents need nothing of it in order to remove their files. */
  @Override
  protected void handleDelete(
      Registry registry, @Nullable NetworkPolicy secondary, Context<Registry> context) {
    if (secondary != null) {
      context.getClient().resource(secondary).delete();
    }
  }

  @Override
  public NetworkPolicy desired(RegistryModel model) {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata(model))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.agentSelectorOf(model.names().name()))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(NetworkPolicyChild.fromOperator(model, new IntOrString(NodeAgentChild.PORT)))
        .endSpec()
        .build();
  }
}
