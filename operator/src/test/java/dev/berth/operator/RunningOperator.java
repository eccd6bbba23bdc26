package dev.berth.operator;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.EmbeddedApi;
import dev.berth.embedded.RealOptions;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operator as it ships, with its own wiring, on a Kubernetes API in the process. */
final class RunningOperator implements AutoCloseable {
  private static final List<String> CRDS = List.of("registries", "repositories", "accesspolicies");

  private final EmbeddedApi api;
  private final KubernetesClient client;
  private EmbeddedServer operator;

  RunningOperator() throws Exception {
    api = api();
    client = api.client();
    for (String plural : CRDS) {
      try (InputStream crd =
          Objects.requireNonNull(
              Registry.class.getResourceAsStream(
                  "/META-INF/berth/crds/" + plural + ".berth.dev.yaml"))) {
        client.load(crd).create();
      }
    }
    operator = start();
  }

  private EmbeddedServer start() {
    return ApplicationContext.run(
        EmbeddedServer.class,
        Map.of(
            TestClient.KUBECONFIG,
            api.kubeconfigYaml(),
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
    return api.isReal();
  }

  /** The mock; with {@code -Dcluster=real} a kube-apiserver, which must then be there. */
  private static EmbeddedApi api() {
    return "real".equals(System.getProperty("cluster"))
        ? EmbeddedApi.real(
            RealOptions.fromEnvironment()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "-Dcluster=real needs kube-apiserver, etcd and kubectl in the folder"
                                + " that "
                                + RealOptions.BINARIES_VARIABLE
                                + " names")))
        : EmbeddedApi.mock();
  }

  KubernetesClient client() {
    return client;
  }

  EmbeddedServer server() {
    return operator;
  }

  /** Makes a namespace, with labels as key and value in turn. */
  void namespace(String name, String... labels) {
    NamespaceBuilder namespace =
        new NamespaceBuilder().withNewMetadata().withName(name).endMetadata();
    for (int i = 0; i < labels.length; i += 2) {
      namespace.editMetadata().addToLabels(labels[i], labels[i + 1]).endMetadata();
    }
    client.resource(namespace.build()).create();
  }

  @Override
  public void close() {
    operator.close();
    client.close();
    api.close();
  }
}
