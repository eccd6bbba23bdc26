package dev.berth.e2e;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A client that is installed on this machine, run as a user runs it. */
record Program(Path executable, Map<String, String> environment) {

  /** What a run printed on both streams, and how it ended. */
  record Result(int exit, String output) {}

  private static final long LIMIT_SECONDS = 180;

  /** Skips the test where the program is missing, and fails it in CI. */
  static Program installed(String name, Map<String, String> environment) {
    Path found =
        Arrays.stream(System.getenv("PATH").split(":"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    String missing = name + " is not installed; ./verify installs what the tests use";
    if (found == null && Boolean.parseBoolean(System.getenv("CI"))) {
      fail(missing);
    }
    Assumptions.assumeTrue(found != null, missing);
    return new Program(found == null ? Path.of(name) : found, environment);
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("program", ".out");
    try {
      Process process = start(command, output);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        fail(command + " did not end in time: " + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /** Runs it, and fails with what it printed unless it ends well. */
  String succeed(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    if (result.exit() != 0) {
      fail("%s %s: %s".formatted(executable, List.of(arguments), result.output()));
    }
    return result.output();
  }

  private Process start(List<String> command, Path output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.redirectOutput(output.toFile()).start();
  }
}
