package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images that {@code -Pimages} wrote, looked into and run without a container engine. */
@EnabledIfSystemProperty(
    named = "berth.images",
    matches = "true",
    disabledReason = "the images are built with -Pimages alone")
class ImagesIT {
  private static final Path SERVER = Path.of("../registry-server/target/berth-registry.tar");
  private static final Path OPERATOR = Path.of("../operator/target/berth-operator.tar");

  /** What a node does for a container with a read-only root, a volume and an emptyDir. */
  private static final String CONTAINER =
      """
      set -e
      root=$1 data=$2; shift 2
      mount --bind "$root" "$root"
      mount --bind "$data" "$root/berth"
      mount -t tmpfs tmpfs "$root/tmp"
      mount --bind /dev "$root/dev"
      mount -t proc proc "$root/proc"
      mount -o remount,ro,bind "$root"
      exec unshare --root="$root" --wd=/berth --setgid=65532 --setuid=65532 -- "$@"
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"../registry-server/target/berth-registry", "../operator/target/berth-operator"})
  void anImageRunsAsNobodyInParticularAndHasNoShell(String path) throws Exception {
    // When
    UnpackedImage image = UnpackedImage.of(Path.of(path + ".tar"), folder);

    // Then
    assertThat(image.config().get("User").asText()).isEqualTo("65532:65532");
    assertThat(image.config().get("WorkingDir").asText()).isEqualTo("/berth");
    assertThat(image.config().get("Labels").get("org.opencontainers.image.licenses").asText())
        .isEqualTo("Apache-2.0");
    try (Stream<Path> files = Files.walk(image.root())) {
      assertThat(
              files
                  .map(file -> image.root().relativize(file).toString())
                  .filter(file -> file.matches("(.*/)?((ba|da|a|z|k|fi|tc|c)?sh|busybox|toybox)")))
          .isEmpty();
    }
    assertThat(Path.of(path + ".cdx.json")).content().contains("\"CycloneDX\"", "jackson-databind");
  }

  @Test
  void theServersImageTakesAPushOnAReadOnlyRootWithItsCache() throws Exception {
    // Given
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "mounts are made by root alone");
    UnpackedImage image = UnpackedImage.of(SERVER, folder);
    int port = freePort();
    int management = freePort();
    Path data = berthFolder(port, management);
    List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", CONTAINER, "sh"));
    command.addAll(List.of(image.root().toString(), data.toString()));
    Files.createDirectories(image.root().resolve("proc"));
    Files.createDirectories(image.root().resolve("dev"));
    for (JsonNode word : image.config().get("Entrypoint")) {
      command.add(word.asText());
    }
    command.addAll(List.of("--config", "config/registry.yaml"));
    Path log = folder.resolve("server.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // The JVM ends where it cannot use its cache.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Xshare:on");

    // When
    Process server = builder.start();
    try {
      await().atMost(Duration.ofMinutes(1)).until(() -> isReady(server, management, log));
      Program skopeo = Program.installed("skopeo", Map.of());
      String reference = "docker://127.0.0.1:" + port + "/berth/operator:it";
      skopeo.succeed("copy", "--dest-tls-verify=false", "docker-archive:" + OPERATOR, reference);

      // Then
      assertThat(skopeo.succeed("inspect", "--tls-verify=false", reference))
          .contains("org.opencontainers.image.version");
      assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/status")))
          .contains("Uid:\t65532\t65532\t65532\t65532");
      assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/maps")))
          .as("native libraries of the image that were loaded")
          .contains("/app/native/libnetty_tcnative", "/app/native/libsqlitejdbc");
      assertThat(inside(image, server, "java", "@/app/berth", "undo", "list"))
          .isEqualTo("nothing was removed within the undo window\n");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  /** As {@code kubectl exec} runs it: in the container, with the image's PATH, without a shell. */
  private static String inside(UnpackedImage image, Process container, String... words)
      throws Exception {
    String path = "";
    for (JsonNode variable : image.config().get("Env")) {
      path = variable.asText().startsWith("PATH=") ? variable.asText().substring(5) : path;
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("--target", "" + container.pid(), "--mount", "--root", "--wd"));
    command.addAll(List.of("--setuid", "65532", "--setgid", "65532", "--"));
    command.add(program(image, path, words[0]));
    command.addAll(List.of(words).subList(1, words.length));
    return Program.installed("nsenter", Map.of()).succeed(command.toArray(String[]::new));
  }

  private static String program(UnpackedImage image, String path, String name) {
    return Stream.of(path.split(":"))
        .map(folder -> folder + "/" + name)
        .filter(file -> Files.isExecutable(Path.of(image.root() + file)))
        .findFirst()
        .orElseThrow();
  }

  private Path berthFolder(int port, int management) throws Exception {
    Path data = folder.resolve("berth");
    Files.createDirectories(data.resolve("data"));
    Files.createDirectories(data.resolve("config"));
    Files.writeString(
        data.resolve("config/registry.yaml"),
        """
        http: {address: 127.0.0.1, port: %d}
        management: {address: 127.0.0.1, port: %d, tokenFile: config/management.token}
        storage: {filesystem: {path: data}}
        metadata: {embedded: {path: data/berth.db}}
        policy: {file: config/policy.json}
        """
            .formatted(port, management));
    Files.writeString(data.resolve("config/management.token"), "secret");
    Files.writeString(
        data.resolve("config/policy.json"),
        """
        {"revision": "1", "sequence": 1, "content": {"anonymous": true, "creation": "OnPush", "repositories": [],
         "grants": [{"policy": "it/everybody", "subjects": [{"kind": "Anonymous", "name": ""}],
                     "repositories": ["**"], "actions": ["Pull", "Push"]}]}}
        """);
    Program.installed("chown", Map.of()).succeed("-R", "65532:65532", data.toString());
    return data;
  }

  private static boolean isReady(Process server, int port, Path log)
      throws IOException, InterruptedException {
    if (!server.isAlive()) {
      fail("the server ended: " + Files.readString(log));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI readiness = URI.create("http://127.0.0.1:" + port + "/health/readiness");
      return client
              .send(
                  HttpRequest.newBuilder(readiness).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
