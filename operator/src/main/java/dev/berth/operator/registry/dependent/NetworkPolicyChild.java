package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.NetworkPolicySpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the registry's port to whom the user says, by default everybody, and the management port to
 * the operator's namespace.
 */
public final class NetworkPolicyChild extends RegistryChild<NetworkPolicy>
    implements Deleter<Registry> {

  public NetworkPolicyChild() {
    super(NetworkPolicy.class, "network-policy");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.workload();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.networkPolicy() != null;
  }

  @Override
  public NetworkPolicy desired(RegistryModel model) {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata(model))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selectorOf(model.names().name()))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .withIngress(
            clients(model.networkPolicy()),
            fromOperator(model, new IntOrString(WorkloadChild.MANAGEMENT_PORT)))
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule clients(@Nullable NetworkPolicySpec spec) {
    return new NetworkPolicyIngressRuleBuilder()
        .withFrom(spec == null ? List.of() : spec.from())
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(WorkloadChild.HTTP_PORT))
        .endPort()
        .build();
  }

  /** Opens a port to the operator alone. */
  public static NetworkPolicyIngressRule fromOperator(RegistryModel model, IntOrString port) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of("kubernetes.io/metadata.name", model.operatorNamespace()))
        .endNamespaceSelector()
        .endFrom()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(port)
        .endPort()
        .build();
  }
}
