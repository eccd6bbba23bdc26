package dev.berth.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The quickstart in a process of its own, as {@code ./quickstart} starts it, with its registry
 * ready.
 */
final class RunningQuickstart implements AutoCloseable {
  static final String REGISTRY = "localhost:30500";

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final Path state;
  private final Process process;

  private RunningQuickstart(Path state, Process process) {
    this.state = state;
    this.process = process;
  }

  static RunningQuickstart start(Path state) throws IOException {
    Path output = state.resolveSibling(state.getFileName() + ".out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dberth.home=" + HOME,
                "-jar",
                HOME.resolve("e2e/target/berth-e2e.jar").toString(),
                "--state",
                state.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    RunningQuickstart quickstart = new RunningQuickstart(state, process);
    try {
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                String printed = Files.readString(output);
                if (!process.isAlive()) {
                  throw new IllegalStateException("the quickstart ended: " + printed);
                }
                return printed.contains("The registry is ready.");
              });
    } catch (RuntimeException e) {
      quickstart.close();
      throw e;
    }
    return quickstart;
  }

  KubernetesClient client() throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(Files.readString(state.resolve("kubeconfig"))))
        .build();
  }

  Path kubeconfig() {
    return state.resolve("kubeconfig");
  }

  String password() throws IOException {
    return Files.readString(state.resolve("password"));
  }

  /** The process of the registry server. */
  ProcessHandle server() {
    List<ProcessHandle> servers =
        process
            .descendants()
            .filter(
                child ->
                    child.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(argument -> argument.endsWith("berth-registry.jar")))
            .toList();
    if (servers.size() != 1) {
      throw new IllegalStateException("one server expected: " + servers);
    }
    return servers.getFirst();
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    await().atMost(LIMIT).until(() -> !process.isAlive());
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
