package dev.berth.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * podman or buildah with images and logins of their own. They make and move images, and run none.
 */
record ContainerTool(Program program, Path folder) {

  /** Skips the test where the program is missing, and fails it in CI. */
  static ContainerTool installed(String name, Path folder) throws IOException {
    Path logins = Files.createDirectories(folder).resolve("auth.json");
    if (Files.notExists(logins)) {
      Files.writeString(logins, "{}");
    }
    Program program = Program.installed(name, Map.of("REGISTRY_AUTH_FILE", logins.toString()));
    Assumptions.assumeTrue(
        ProcessHandle.current().info().user().equals(Optional.of("root")),
        name + " wants root, or user namespaces that not every machine has");
    return new ContainerTool(program, folder);
  }

  /** Runs it, and returns the last line of what it printed; warnings come before. */
  String succeed(String... arguments) throws IOException, InterruptedException {
    List<String> storage =
        List.of(
            "--root",
            folder.resolve("storage").toString(),
            "--runroot",
            folder.resolve("run").toString(),
            "--storage-driver",
            "vfs");
    String output =
        program.succeed(
            Stream.concat(storage.stream(), Arrays.stream(arguments)).toArray(String[]::new));
    return output.lines().reduce("", (_, last) -> last);
  }
}
