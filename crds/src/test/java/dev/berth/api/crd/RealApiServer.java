package dev.berth.api.crd;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A kube-apiserver: with {@code -Dcluster=real} and {@code KUBECONFIG} that cluster's, on which no
 * operator may run; else one of the test's own, where its binaries are.
 */
final class RealApiServer implements AutoCloseable {
  private final @Nullable KubeAPIServer own;
  private final KubernetesClient client;
  private List<String> namespaces = List.of();

  private RealApiServer(@Nullable KubeAPIServer own, String kubeconfig) {
    this.own = own;
    this.client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
  }

  static boolean isThere() {
    String folder = System.getenv("KUBE_API_TEST_DIR");
    return kubeconfig() != null || (folder != null && Files.isDirectory(Path.of(folder, "k8s")));
  }

  private static @Nullable String kubeconfig() {
    return "real".equals(System.getProperty("cluster")) ? System.getenv("KUBECONFIG") : null;
  }

  static RealApiServer open() throws IOException {
    String given = kubeconfig();
    if (given != null) {
      return new RealApiServer(null, Files.readString(Path.of(given)));
    }
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(System.getenv("KUBE_API_TEST_DIR"))
                .withOfflineMode(true)
                .build());
    // A JVM that ends by a signal would leave it running.
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    server.start();
    return new RealApiServer(server, server.getKubeConfigYaml());
  }

  KubernetesClient client() {
    return client;
  }

  /** Makes namespaces, which end with the test. */
  void namespaces(List<String> names) {
    namespaces = names;
    names.forEach(
        name ->
            client
                .resource(
                    new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
                .create());
  }

  @Override
  public void close() {
    if (own == null) {
      namespaces.forEach(name -> client.namespaces().withName(name).delete());
      namespaces.forEach(
          name ->
              client
                  .namespaces()
                  .withName(name)
                  .waitUntilCondition(gone -> gone == null, 2, TimeUnit.MINUTES));
    }
    client.close();
    if (own != null) {
      own.stop();
    }
  }
}
