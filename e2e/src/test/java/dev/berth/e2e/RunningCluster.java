package dev.berth.e2e;

import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster whose one node is this machine and has the images: the operator as the chart
 * installs it, the registry in a pod. What it made is taken away in the end, but for the CRDs.
 */
final class RunningCluster implements RunningSystem {
  private static final String PASSWORD = "password of the end-to-end tests";
  private static final String OPERATOR_NAMESPACE = "berth-system";
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final Path kubeconfig;
  private final Program kubectl;
  private final KubernetesClient client;
  private @Nullable LocalVolumes volumes;

  private RunningCluster(Path kubeconfig) throws IOException {
    this.kubeconfig = kubeconfig;
    this.kubectl = Program.installed("kubectl", Map.of("KUBECONFIG", kubeconfig.toString()));
    this.client = client();
  }

  static RunningCluster start(Path kubeconfig, Path state) throws Exception {
    RunningCluster cluster = new RunningCluster(kubeconfig);
    try {
      cluster.install();
      cluster.provideStorage(Files.createDirectories(state.resolve("volume")));
      cluster.apply(state);
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  /** What a user does with the file of a release. */
  private void install() throws Exception {
    kubectl.succeed("apply", "-f", HOME.resolve("charts/target/berth.yaml").toString());
    awaitOperator();
  }

  private void awaitOperator() throws Exception {
    kubectl.succeed("-n", OPERATOR_NAMESPACE, "rollout", "status", "--timeout=120s", "deployment");
  }

  private void provideStorage(Path folder) {
    if (client.storage().v1().storageClasses().list().getItems().stream()
        .noneMatch(RunningCluster::isDefault)) {
      volumes = LocalVolumes.below(folder, client);
    }
  }

  private static boolean isDefault(StorageClass storageClass) {
    Map<String, String> annotations = storageClass.getMetadata().getAnnotations();
    return annotations != null
        && "true".equals(annotations.get("storageclass.kubernetes.io/is-default-class"));
  }

  private void apply(Path state) throws Exception {
    Path users = state.resolve("htpasswd");
    byte[] salt = "sixteen bytes ..".getBytes(StandardCharsets.US_ASCII);
    Files.writeString(
        users,
        "berth:"
            + OpenBSDBCrypt.generate("2y", PASSWORD.getBytes(StandardCharsets.UTF_8), salt, 4)
            + "\n");
    Path sample = HOME.resolve("samples/quickstart");
    kubectl.succeed("apply", "-f", sample.resolve("1-namespace.yaml").toString());
    kubectl.succeed(
        "-n",
        NAMESPACE,
        "create",
        "secret",
        "generic",
        "registry-users",
        "--from-file=htpasswd=" + users);
    kubectl.succeed("apply", "-f", sample.toString());
    awaitRegistry();
  }

  private void awaitRegistry() {
    await().atMost(LIMIT).until(() -> isReady() && pods().size() == 1);
  }

  private boolean isReady() {
    Registry registry =
        client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").get();
    return registry.getStatus() != null
        && registry.getStatus().conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().name().equals("TRUE"));
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("berth.dev/registry", "main")
        .list()
        .getItems();
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public String password() {
    return PASSWORD;
  }

  @Override
  public Duration soon() {
    // The kubelet looks at Secrets about once a minute.
    return Duration.ofMinutes(2);
  }

  /** The node is this machine: the pod's process is one of its own, known by its cgroup. */
  @Override
  public ProcessHandle server() throws IOException {
    String pod = pods().getFirst().getMetadata().getUid();
    List<ProcessHandle> servers =
        ProcessHandle.allProcesses()
            .filter(
                process ->
                    read(process, "cgroup").contains(pod)
                        && read(process, "comm").strip().equals("java"))
            .toList();
    if (servers.size() != 1) {
      throw new IOException("one server expected: " + servers);
    }
    return servers.getFirst();
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }

  @Override
  public void restart() throws Exception {
    kubectl.succeed("-n", OPERATOR_NAMESPACE, "rollout", "restart", "deployment");
    kubectl.succeed("-n", NAMESPACE, "delete", "pod", "-l", "berth.dev/registry=main");
    awaitOperator();
    awaitRegistry();
  }

  @Override
  public void close() {
    try {
      kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found");
      kubectl.run("delete", "namespace", OPERATOR_NAMESPACE, "--ignore-not-found");
      kubectl.run(
          "delete",
          "clusterrole,clusterrolebinding",
          "-l",
          "app.kubernetes.io/name=berth-operator");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the cluster keeps what the test made", e);
    } finally {
      if (volumes != null) {
        volumes.close();
      }
      client.close();
    }
  }
}
