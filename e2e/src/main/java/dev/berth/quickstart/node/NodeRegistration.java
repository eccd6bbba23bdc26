package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** The Node object of this machine. */
final class NodeRegistration {

  private static final String MOST_PODS = "110";

  private final KubernetesClient client;
  private final Clock clock;

  NodeRegistration(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Makes the Node, or finds the one of an earlier start, and reports it ready. */
  void register() {
    Node existing = client.nodes().withName(NodeOptions.NODE_NAME).get();
    Node node =
        existing == null
            ? client
                .resource(
                    new NodeBuilder()
                        .withNewMetadata()
                        .withName(NodeOptions.NODE_NAME)
                        .addToLabels("kubernetes.io/hostname", NodeOptions.NODE_NAME)
                        .addToLabels("kubernetes.io/os", "linux")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create()
            : existing;
    Quantity processors =
        new Quantity(Integer.toString(Runtime.getRuntime().availableProcessors()));
    String now = Pods.now(clock);
    client
        .resource(
            new NodeBuilder(node)
                .withNewStatus()
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewAddress(NodeOptions.NODE_NAME, "Hostname")
                .addToCapacity("cpu", processors)
                .addToCapacity("pods", new Quantity(MOST_PODS))
                .addToAllocatable("cpu", processors)
                .addToAllocatable("pods", new Quantity(MOST_PODS))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("NodeReady")
                .withMessage("runs containers as local processes")
                .withLastHeartbeatTime(now)
                .withLastTransitionTime(now)
                .endCondition()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(System.getProperty("os.arch"))
                .withKernelVersion(System.getProperty("os.version"))
                .withOsImage(System.getProperty("os.name"))
                .withContainerRuntimeVersion("processes://1")
                .withKubeletVersion("berth-local-node")
                .withKubeProxyVersion("")
                .withBootID("")
                .withMachineID("")
                .withSystemUUID("")
                .endNodeInfo()
                .endStatus()
                .build())
        .updateStatus();
  }
}
