package dev.berth.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Berth with the registry of {@code samples/quickstart} ready at {@link #REGISTRY}. */
sealed interface RunningSystem extends AutoCloseable permits RunningQuickstart, RunningCluster {

  /** The registry's name in commands; the node port is this machine's. */
  String REGISTRY = "localhost:30500";

  /** Namespace of the sample's registry. */
  String NAMESPACE = "registries";

  /**
   * The quickstart, which needs nothing; with {@code -Dcluster=real} and {@code KUBECONFIG} that
   * cluster, with the operator as the chart installs it.
   *
   * @param state a folder for what it keeps
   */
  static RunningSystem start(Path state) throws Exception {
    String given = System.getenv("KUBECONFIG");
    return "real".equals(System.getProperty("cluster")) && given != null && !given.isEmpty()
        ? RunningCluster.start(Path.of(given), state)
        : RunningQuickstart.start(state);
  }

  /** Makes a namespace, or gives it these labels. */
  static void namespace(KubernetesClient client, String name, Map<String, String> labels) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  Path kubeconfig();

  /** Password of the user {@code berth}. */
  String password() throws IOException;

  /** The one process of the registry server. */
  ProcessHandle server() throws IOException;

  /** How long a changed Secret takes at most to be seen in a pod, with some room. */
  Duration soon();

  /** Ends the operator and the registry, and returns when both serve again. */
  void restart() throws Exception;

  @Override
  void close();

  /** A new client, to be closed by the caller. */
  default KubernetesClient client() throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig())))
        .build();
  }
}
