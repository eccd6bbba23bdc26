package dev.berth.operator;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operator as it ships, with its own wiring, on a Kubernetes API in the process. */
final class RunningOperator implements AutoCloseable {
  private static final List<String> CRDS = List.of("registries", "repositories", "accesspolicies");

  private final ClusterUnderTest cluster;
  private final KubernetesClient client;
  private EmbeddedServer operator;

  RunningOperator() throws Exception {
    cluster = ClusterUnderTest.open();
    client = cluster.client();
    for (String plural : CRDS) {
      try (InputStream crd =
          Objects.requireNonNull(
              Registry.class.getResourceAsStream(
                  "/META-INF/berth/crds/" + plural + ".berth.dev.yaml"))) {
        client.load(crd).serverSideApply();
      }
    }
    operator = start();
  }

  private EmbeddedServer start() {
    return ApplicationContext.run(
        EmbeddedServer.class,
        Map.of(
            TestClient.KUBECONFIG,
            cluster.kubeconfig(),
            "micronaut.server.host",
            "127.0.0.1",
            "micronaut.server.port",
            -1,
            "berth.leader-election",
            false));
  }

  /** Ends the operator and starts another one, which knows only what the API holds. */
  void restart() {
    operator.close();
    operator = start();
  }

  /** Whether the API is a kube-apiserver. */
  boolean isReal() {
    return cluster.isReal();
  }

  KubernetesClient client() {
    return client;
  }

  EmbeddedServer server() {
    return operator;
  }

  /** Makes a namespace, with labels as key and value in turn. */
  void namespace(String name, String... labels) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      pairs.put(labels[i], labels[i + 1]);
    }
    cluster.namespace(name, pairs);
  }

  /** Gives a claim its volume. */
  void bind(String namespace, String claim) {
    cluster.bind(namespace, claim);
  }

  @Override
  public void close() {
    cluster.clearIfWhole();
    operator.close();
    cluster.close();
  }
}
