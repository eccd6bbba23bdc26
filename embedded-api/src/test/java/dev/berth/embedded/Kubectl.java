package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The real kubectl as a process. KUBECTL_BINARY names another one than that on the PATH. */
record Kubectl(Path binary, Path kubeconfig) {

  /** What a run printed, and how it ended. */
  record Result(int exit, String out) {}

  /** A missing kubectl fails in CI, and skips elsewhere. */
  static Kubectl forTests(Path kubeconfig) {
    Optional<Path> found = find();
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as("kubectl must be installed in CI").isPresent();
    }
    Assumptions.assumeTrue(found.isPresent(), "no kubectl on the PATH");
    return new Kubectl(found.orElseThrow(), kubeconfig);
  }

  /** Runs it to its end with success and returns what it printed. */
  String ok(String... arguments) throws IOException, InterruptedException {
    Result result = run("", arguments);
    assertThat(result.exit()).as(List.of(arguments) + "\n" + result.out()).isZero();
    return result.out();
  }

  /** Applies or creates what {@code yaml} says. */
  String okWithInput(String yaml, String... arguments) throws IOException, InterruptedException {
    Result result = run(yaml, arguments);
    assertThat(result.exit()).as(List.of(arguments) + "\n" + result.out()).isZero();
    return result.out();
  }

  Result run(String input, String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    Thread killer =
        Thread.startVirtualThread(
            () -> {
              try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    killer.interrupt();
    return new Result(exit, out);
  }

  /** Starts it; the caller ends it. */
  Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString(), "--kubeconfig"));
    command.add(kubeconfig.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", kubeconfig.resolveSibling("home").toString());
    return builder.start();
  }

  private static Optional<Path> find() {
    String named = System.getenv("KUBECTL_BINARY");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, "kubectl"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
