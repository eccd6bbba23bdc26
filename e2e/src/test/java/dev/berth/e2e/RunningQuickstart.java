package dev.berth.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The quickstart in a process of its own, as {@code ./quickstart} starts it, with its registry
 * ready.
 */
final class RunningQuickstart implements RunningSystem {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final Path state;
  private Process process;

  private RunningQuickstart(Path state, Process process) {
    this.state = state;
    this.process = process;
  }

  static RunningQuickstart start(Path state) throws IOException {
    RunningQuickstart quickstart = new RunningQuickstart(state, launch(state));
    quickstart.awaitReady();
    return quickstart;
  }

  private static Process launch(Path state) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dberth.home=" + HOME,
            "-jar",
            HOME.resolve("e2e/target/berth-e2e.jar").toString(),
            "--state",
            state.toString())
        .redirectErrorStream(true)
        .redirectOutput(output(state).toFile())
        .start();
  }

  private static Path output(Path state) {
    return state.resolveSibling(state.getFileName() + ".out");
  }

  private void awaitReady() {
    try {
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                String printed = Files.readString(output(state));
                if (!process.isAlive()) {
                  throw new IllegalStateException("the quickstart ended: " + printed);
                }
                return printed.contains("The registry is ready.");
              });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void restart() throws IOException {
    close();
    process = launch(state);
    awaitReady();
  }

  @Override
  public Duration soon() {
    return Duration.ofSeconds(20);
  }

  @Override
  public Path kubeconfig() {
    return state.resolve("kubeconfig");
  }

  @Override
  public String password() throws IOException {
    return Files.readString(state.resolve("password"));
  }

  @Override
  public ProcessHandle server() {
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
