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
record ContainerTool(Program program, Path home) {

  /**
   * Skips the test where the program is missing, and fails it in CI.
   *
   * @param authority in PEM, that the registry is trusted by
   */
  static ContainerTool installed(String name, Path home, String registry, Path authority)
      throws IOException {
    Path logins = Files.createDirectories(home).resolve("auth.json");
    if (Files.notExists(logins)) {
      Files.writeString(logins, "{}");
      Path trusted =
          Files.createDirectories(home.resolve(".config/containers/certs.d").resolve(registry));
      Files.copy(authority, trusted.resolve("ca.crt"));
    }
    Program program =
        Program.installed(
            name, Map.of("HOME", home.toString(), "REGISTRY_AUTH_FILE", logins.toString()));
    Assumptions.assumeTrue(
        ProcessHandle.current().info().user().equals(Optional.of("root")),
        name + " wants root, or user namespaces that not every machine has");
    return new ContainerTool(program, home);
  }

  void login(String registry, String user, String password)
      throws IOException, InterruptedException {
    succeed("login", "--username", user, "--password", password, registry);
  }

  /** An image of one file, which nothing has to run for; for buildah. */
  String build(String name, String architecture) throws IOException, InterruptedException {
    String container = succeed("from", "scratch");
    Path file = Files.writeString(home.resolve("content"), "for " + architecture);
    succeed("copy", container, file.toString(), "/content");
    succeed("config", "--arch", architecture, container);
    return succeed("commit", "--rm", container, name);
  }

  /** A tar archive of one file, to be imported. */
  Path archive(String content) throws IOException, InterruptedException {
    Path file = Files.writeString(home.resolve("archived"), content);
    Path archive = home.resolve("archive.tar");
    Program.installed("tar", Map.of())
        .succeed("-C", home.toString(), "-cf", archive.toString(), file.getFileName().toString());
    return archive;
  }

  /** Runs it, and returns the last line of what it printed; warnings come before. */
  String succeed(String... arguments) throws IOException, InterruptedException {
    return output(arguments).lines().reduce("", (_, last) -> last);
  }

  /** Runs it, and returns all that it printed. */
  String output(String... arguments) throws IOException, InterruptedException {
    List<String> storage =
        List.of(
            "--root",
            home.resolve("storage").toString(),
            "--runroot",
            home.resolve("run").toString(),
            "--storage-driver",
            "vfs");
    return program.succeed(
        Stream.concat(storage.stream(), Arrays.stream(arguments)).toArray(String[]::new));
  }
}
