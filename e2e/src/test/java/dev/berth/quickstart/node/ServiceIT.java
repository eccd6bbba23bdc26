package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.NodeHarness.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("ports of a node")
class ServiceIT {

  @TempDir private Path state;
  private NodeHarness node;

  @BeforeEach
  void start() {
    node = new NodeHarness(state);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void passesConnectionsToReadyPodsOnly() {
    node.apply(node.deployment("web", 2, pod -> {}));
    node.client().resource(service("ClusterIP")).create();
    node.eventually(() -> node.readyPods().size() == 2);
    String ip = clusterIp();
    Set<String> answered = new HashSet<>();
    node.eventually(
        () -> {
          answered.add(node.get(ip, 8888, "/address"));
          answered.remove("");
          return answered.size() == 2;
        });
    Pod away = node.readyPods().getFirst();

    node.get(away, "/set?unready");

    node.eventually(() -> node.readyPods().size() == 1);
    String left = node.readyPods().getFirst().getStatus().getPodIP();
    node.eventually(
        () ->
            node
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .allMatch(endpoint -> endpoint.getAddresses().contains(left)));
    node.eventually(
        () -> {
          for (int i = 0; i < 6; i++) {
            if (!node.get(ip, 8888, "/address").equals(left)) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void givesANodePortOnLocalhostAndKeepsItOverARestart() {
    node.apply(node.deployment("web", 1, pod -> {}));
    node.client().resource(service("NodePort")).create();
    node.awaitOnePod();
    String ip = clusterIp();
    int port =
        node.client()
            .services()
            .inNamespace(NAMESPACE)
            .withName("web")
            .get()
            .getSpec()
            .getPorts()
            .getFirst()
            .getNodePort();

    node.restartNode();

    assertThat(clusterIp()).isEqualTo(ip);
    node.eventually(() -> node.get("127.0.0.1", port, "/address").startsWith("127.78."));
  }

  private String clusterIp() {
    node.eventually(
        () -> {
          Service now = node.client().services().inNamespace(NAMESPACE).withName("web").get();
          return now.getSpec().getClusterIP() != null
              && now.getSpec().getClusterIP().startsWith("127.97.");
        });
    return node.client()
        .services()
        .inNamespace(NAMESPACE)
        .withName("web")
        .get()
        .getSpec()
        .getClusterIP();
  }

  private static Service service(String type) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withType(type)
        .addToSelector("app", "web")
        .addNewPort()
        .withName("http")
        .withPort(8888)
        .withNewTargetPort("http")
        .endPort()
        .endSpec()
        .build();
  }
}
