package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import dev.berth.registry.adopt.TestVolume;
import dev.berth.registry.crash.CrashAgent;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adoption by the command, and by a server that begins on a volume that is not empty. */
final class ImportIT {
  private static final int REPOSITORIES = 3;

  @TempDir Path folder;
  private TestVolume volume;
  private TestRegistry registry;
  private Digest image;

  @BeforeEach
  void write() throws IOException {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));
    volume = new TestVolume(folder.resolve("data"));
    for (int i = 0; i < REPOSITORIES; i++) {
      volume.tag("team-a/app-" + i, "v1", volume.image("team-a/app-" + i, "layer " + i));
    }
    image = volume.image("team-a/app-2", "layer 2");
  }

  @Test
  void theCommandSaysWhatItDoesAndTwiceIsHarmless() throws Exception {
    volume.layer("Team/app", "of a name that is none");
    Map<String, String> before = volume.files();

    for (int i = 0; i < 2; i++) {
      try (ServerProcess command = ServerProcess.start(folder, "import")) {
        assertThat(command.exitCode()).as(command.err()).isZero();
        assertThat(command.out())
            .contains("skipped repositories/Team: it is not the name of a repository")
            .contains("done: 3 of 3 repositories, 3 tags, 3 manifests, 6 blobs, 1 skipped");
        assertThat(command.err()).isEmpty();
      }
    }
    assertThat(volume.files()).isEqualTo(before);
    registry.start();
    try (TestRegistry running = registry;
        HttpClient client = running.client()) {
      assertPulled(client);
      assertThat(ask(client, running.management("/v1/import")).body())
          .startsWith("{\"state\":\"Done\",\"repositories\":3,\"repositoriesDone\":3,")
          .contains("\"skipped\":1,\"problems\":[{\"path\":\"repositories/Team\",\"reason\":");
    }
  }

  private void assertPulled(HttpClient client) throws Exception {
    for (String reference : List.of("v1", image.toString())) {
      HttpResponse<String> pulled =
          TestRegistry.send(
              client,
              registry
                  .data("/v2/team-a/app-2/manifests/" + reference)
                  .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD)));
      assertThat(pulled.statusCode()).isEqualTo(200);
      assertThat(pulled.body()).isEqualTo(Files.readString(volume.blob(image)));
    }
  }

  private static HttpResponse<String> ask(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return TestRegistry.send(
        client, request.header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN));
  }

  @Test
  void aVolumeWithNothingOnItIsExplained() throws Exception {
    Files.writeString(
        folder.resolve("other.yaml"),
        "storage: {filesystem: {path: other}}\nmetadata: {embedded: {path: other/berth.db}}\n");

    try (ServerProcess command = ServerProcess.start(folder, "import", "--config", "other.yaml")) {
      assertThat(command.exitCode()).isEqualTo(1);
      assertThat(command.err())
          .contains("there is nothing to import", "other/docker/registry/v2/repositories")
          .hasLineCount(1);
    }
  }

  @Test
  void aServerThatBeginsOnAVolumeTakesItOverByItself() throws Exception {
    registry.start();
    try (TestRegistry running = registry;
        HttpClient client = running.client()) {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(
              () ->
                  TestRegistry.send(client, running.management("/health/readiness")).statusCode()
                      == 200);

      assertPulled(client);
      assertThat(ask(client, running.management("/v1/import")).body())
          .contains("\"state\":\"Done\"", "\"tags\":3");
    }
  }

  @Test
  void theCommandKeepsAwayFromARunningServer() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder);
        HttpClient client = registry.client()) {
      await()
          .atMost(Duration.ofMinutes(3))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () ->
                  TestRegistry.send(client, registry.management("/health/readiness")).statusCode()
                      == 200);

      try (ServerProcess command = ServerProcess.start(folder, "import")) {
        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.err())
            .contains("berth.db is used by another server; end that one")
            .hasLineCount(1);
      }
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void clientsWaitWhileItRunsAndTheManagementPortAnswers() throws Exception {
    try (MetadataStore metadata = open()) {
      metadata.adoption().begin(false);
    }
    Files.move(
        volume.registry.resolve("repositories"),
        volume.registry.resolve("not there at the moment"));
    registry.start();
    try (TestRegistry running = registry;
        HttpClient client = running.client()) {
      HttpResponse<String> pull =
          TestRegistry.send(client, running.data("/v2/team-a/app-0/manifests/v1"));
      assertThat(pull.statusCode()).isEqualTo(503);
      assertThat(pull.headers().firstValue("Retry-After")).contains("10");
      assertThat(pull.body()).contains("takes over the images of another one");
      assertThat(ask(client, running.management("/v1/import")).body())
          .startsWith("{\"state\":\"Running\"");
      assertThat(TestRegistry.send(client, running.management("/health/readiness")).statusCode())
          .isEqualTo(503);
      assertThat(TestRegistry.send(client, running.management("/health/liveness")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whereverItIsKilledTheNextOneEndsTheWork() throws Exception {
    String agent = CrashAgent.option(folder.resolve("agent.jar"), folder);
    for (String point :
        List.of(
            "after Adoption.begin 1",
            "before Adoption.found 1",
            "after Adoption.add 2",
            "before Adoption.add 6",
            "after Adoption.seen 2",
            "before Adoption.end 1")) {
      Files.deleteIfExists(folder.resolve("data/berth.db"));
      Files.deleteIfExists(folder.resolve("data/berth.db-wal"));
      Files.deleteIfExists(folder.resolve("data/berth.db-shm"));
      Files.writeString(folder.resolve("crash"), point);
      assertThat(killed(agent)).as(point).isEqualTo(137);
      Files.delete(folder.resolve("crash"));

      try (ServerProcess command = ServerProcess.start(folder, "import")) {
        assertThat(command.exitCode()).as(point + command.err()).isZero();
        assertThat(command.out())
            .as(point)
            .contains("done: 3 of 3 repositories, 3 tags, 3 manifests, 6 blobs, 0 skipped");
      }
      try (MetadataStore metadata = open()) {
        assertThat(metadata.usage().logicalBytes()).as(point).isEqualTo(storedBytes());
        assertThat(metadata.usage().physicalBytes()).as(point).isEqualTo(storedBytes());
      }
    }
  }

  @Test
  void fsckConcludesNothingWhileNotAllIsTakenOver() throws Exception {
    // Given
    Files.writeString(folder.resolve("crash"), "after Adoption.add 2");
    assertThat(killed(CrashAgent.option(folder.resolve("agent.jar"), folder))).isEqualTo(137);
    Files.delete(folder.resolve("crash"));

    // When
    try (ServerProcess fsck = ServerProcess.start(folder, "fsck")) {
      // Then
      assertThat(fsck.exitCode()).isEqualTo(2);
      assertThat(fsck.out()).isEmpty();
      assertThat(fsck.err()).contains("is not taken over to its end").hasLineCount(1);
    }

    // When
    try (ServerProcess command = ServerProcess.start(folder, "import")) {
      assertThat(command.exitCode()).isZero();
    }

    // Then
    try (ServerProcess fsck = ServerProcess.start(folder, "fsck")) {
      assertThat(fsck.exitCode()).as(fsck.out()).isZero();
    }
  }

  private MetadataStore open() {
    return SqlMetadataStore.sqlite(folder.resolve("data/berth.db"), Clock.systemUTC(), 8);
  }

  private long storedBytes() throws IOException {
    try (Stream<Path> all = Files.walk(volume.registry.resolve("blobs"))) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private int killed(String agent) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            agent,
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "import")
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("killed.log").toFile())
        .start()
        .waitFor();
  }
}
