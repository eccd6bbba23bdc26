package dev.berth.operator.nodeaccess;

import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Restricted;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The agent on every node. It is the one child that mounts a directory of the host: the whole tree,
 * because where a runtime looks for hosts is known on the node alone. It runs as root without any
 * capability, and is ready as long as its node is as the plan says.
 */
public final class NodeAgentChild extends NodeChild<DaemonSet> {
  static final int PORT = 5001;
  static final String REVISION = "berth.dev/plan";

  private static final Toleration EVERY_TAINT =
      new TolerationBuilder().withOperator("Exists").build();

  /** Where agents can run at all. */
  static final Map<String, String> EVERY_NODE = Map.of("kubernetes.io/os", "linux");

  /**
   * Labels of what clouds call nodes and is a machine for one pod: it takes whatever tolerates its
   * taint, and mounts nothing of a host.
   */
  private static final Map<String, String> NO_NODES =
      Map.of("eks.amazonaws.com/compute-type", "fargate", "type", "virtual-kubelet");

  public NodeAgentChild() {
    super(DaemonSet.class, "node-agent");
  }

  @Override
  public DaemonSet desired(RegistryModel model) {
    return new DaemonSetBuilder()
        .withMetadata(metadata(model))
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(Labels.agentSelectorOf(model.names().name()))
        .endSelector()
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        // What is written stays while an agent is replaced.
        .withMaxUnavailable(new IntOrString("100%"))
        .endRollingUpdate()
        .endUpdateStrategy()
        .withTemplate(template(model, nodes(model)))
        .endSpec()
        .build();
  }

  private static PodTemplateSpec template(RegistryModel model, NodeAccessModel nodes) {
    Map<String, String> selector = new HashMap<>(nodes.nodeSelector());
    selector.putAll(EVERY_NODE);
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(Labels.ofAgent(model.names().name()))
        // A mounted ConfigMap may lag by minutes; a pod that starts has the newest.
        .addToAnnotations(REVISION, NodePlan.revision(NodePlan.configure(model, nodes)))
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(model.names().nodeAccess())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(5L)
        .withNodeSelector(selector)
        .withAffinity(onNodes())
        .withTolerations(tolerations(nodes))
        .withImagePullSecrets(
            model.pod().imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNewSecurityContext()
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(List.of(container(nodes.image())))
        .addNewVolume()
        .withName("host")
        .withNewHostPath()
        .withPath("/")
        .endHostPath()
        .endVolume()
        .addNewVolume()
        .withName("plan")
        .withNewConfigMap()
        .withName(model.names().nodeAccess())
        .endConfigMap()
        .endVolume()
        .addNewVolume()
        .withName("state")
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity("8Mi"))
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .build();
  }

  private static Affinity onNodes() {
    List<NodeSelectorRequirement> others =
        NO_NODES.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                label ->
                    new NodeSelectorRequirement(label.getKey(), "NotIn", List.of(label.getValue())))
            .toList();
    return new AffinityBuilder()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .withMatchExpressions(others)
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .build();
  }

  /** Of what is to run on any node. */
  static List<Toleration> tolerations(NodeAccessModel nodes) {
    return Stream.concat(Stream.of(EVERY_TAINT), nodes.tolerations().stream()).toList();
  }

  private static Container container(String image) {
    return new ContainerBuilder()
        .withName("agent")
        .withImage(image)
        .addNewPort()
        .withName("state")
        .withProtocol("TCP")
        .withContainerPort(PORT)
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/ready")
        .withPort(new IntOrString("state"))
        .endHttpGet()
        .withPeriodSeconds(5)
        .withTimeoutSeconds(2)
        .withFailureThreshold(1)
        .endReadinessProbe()
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("5m"), "memory", new Quantity("16Mi")))
        .withLimits(Map.of("memory", new Quantity("64Mi")))
        .endResources()
        .withSecurityContext(
            Restricted.container()
                .withRunAsUser(0L)
                .withRunAsGroup(0L)
                .withNewSeLinuxOptions()
                // Else SELinux keeps containers from what belongs to the node, where it is
                // enforced.
                .withType("spc_t")
                .endSeLinuxOptions()
                .build())
        .addNewVolumeMount()
        .withName("host")
        .withMountPath("/host")
        // No propagation: runtimes refuse it where the node's root is not shared, as in k3d.
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("plan")
        .withMountPath("/plan")
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("state")
        .withMountPath("/state")
        .endVolumeMount()
        .build();
  }
}
