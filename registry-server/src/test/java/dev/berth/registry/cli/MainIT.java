package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user of the command line sees. */
final class MainIT {
  @TempDir Path folder;

  @Test
  void helpAndVersionAreAnswered() throws Exception {
    try (ServerProcess help = ServerProcess.start(folder, "--help");
        ServerProcess version = ServerProcess.start(folder, "--version")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.out())
          .contains("Usage: berth-registry", "--config=FILE", "serve", "fsck", "import", "undo");
      assertThat(version.exitCode()).isZero();
      assertThat(version.out()).matches("berth-registry [0-9].*\\R");
    }
  }

  @Test
  void aWrongCommandLineIsExplained() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "fly")) {
      assertThat(server.exitCode()).isEqualTo(2);
      assertThat(server.err()).contains("Unknown command 'fly'", "Usage: berth-registry");
    }
  }

  @Test
  void aBadConfigurationIsAFewLinesAndExitCodeOne() throws Exception {
    Files.writeString(
        folder.resolve("bad.yaml"), "http:\n  port: x\n  tls: {certificate: a}\nfoo: 1\n");

    try (ServerProcess server = ServerProcess.start(folder, "serve", "--config", "bad.yaml")) {
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.err().lines())
          .hasSize(3)
          .allMatch(line -> line.startsWith("bad.yaml:"))
          .noneMatch(line -> line.contains("Exception"));
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          folder.resolve("registry.yaml"),
          "http:\n  address: 127.0.0.1\n  port: " + taken.getLocalPort() + "\n");

      try (ServerProcess server = ServerProcess.start(folder)) {
        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.err())
            .startsWith("registry.yaml:3: http.port: cannot listen on 127.0.0.1:")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void aServerThatCanHaveNoPolicySaysThatItIsOfNoUse() throws Exception {
    int port = TestRegistry.freePort();
    Files.writeString(
        folder.resolve("registry.yaml"),
        "http: {address: 127.0.0.1, port: %d}\nlogging: {format: text}\n".formatted(port));

    try (ServerProcess server = ServerProcess.start(folder)) {
      await().atMost(Duration.ofMinutes(3)).until(server::out, out -> out.contains("listening"));
      server.terminate();

      assertThat(server.exitCode()).isEqualTo(128 + 15);
      assertThat(server.out())
          .contains("WARN", "nobody may pull or push anything: no policy can come")
          .contains(":" + port + ", no management port\n");
    }
  }

  @Test
  void aSecondServerDoesNotTakeTheDatabaseOfAnother() throws Exception {
    TestRegistry registry =
        TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));
    String other =
        Files.readString(folder.resolve("registry.yaml"))
            .replace("" + registry.port, "" + TestRegistry.freePort())
            .replace("" + registry.managementPort, "" + TestRegistry.freePort());
    Files.writeString(folder.resolve("other.yaml"), other);

    try (ServerProcess server = ServerProcess.start(folder, "--config", "registry.yaml")) {
      awaitReady(registry, server);
      try (ServerProcess second = ServerProcess.start(folder, "--config", "other.yaml")) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("berth.db is used by another server").hasLineCount(1);
      }
    }
    try (ServerProcess again = ServerProcess.start(folder, "--config", "registry.yaml")) {
      awaitReady(registry, again);
    }
  }

  @Test
  void theServerServesUntilItIsToldToEnd() throws Exception {
    TestRegistry registry =
        TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));

    try (ServerProcess server = ServerProcess.start(folder, "--config", "registry.yaml")) {
      awaitReady(registry, server);
      HttpResponse<String> answer =
          TestRegistry.send(
              registry.client(),
              registry
                  .data("/token?scope=repository:team-a/app:pull")
                  .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD)));
      HttpResponse<String> refused =
          TestRegistry.send(
              registry.client(),
              registry
                  .data("/token")
                  .header("X-Request-Id", "my-request-1")
                  .header("Authorization", TestRegistry.basic("alice", "a wrong password")));
      server.terminate();

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(refused.headers().firstValue("X-Request-Id")).contains("my-request-1");
      assertThat(server.exitCode()).isEqualTo(128 + 15);
      assertThat(server.out())
          .contains("listening, https on 127.0.0.1:" + registry.port)
          .contains("\"path\":\"\\/token\"", "\"status\":\"401\"", "my-request-1")
          .doesNotContain(TestRegistry.PASSWORD, "a wrong password", TestRegistry.MANAGEMENT_TOKEN)
          .doesNotContain("Basic ", "Bearer ", answer.body().substring(10, 60));
      assertThat(server.out().lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
      assertThat(server.err()).isEmpty();
    }
  }

  @Test
  void theStandaloneSampleWorksAsItsReadmeSays() throws Exception {
    Path sample = Path.of("..", "samples", "standalone");
    int port = TestRegistry.freePort();
    int management = TestRegistry.freePort();
    Files.copy(sample.resolve("policy.json"), folder.resolve("policy.json"));
    Files.writeString(
        folder.resolve("registry.yaml"),
        Files.readString(sample.resolve("registry.yaml"))
            .replace("5000", String.valueOf(port))
            .replace("5001", String.valueOf(management)));
    Files.writeString(
        folder.resolve("htpasswd"), "alice:" + TestRegistry.bcrypt("wonderland") + "\n");

    try (ServerProcess server = ServerProcess.start(folder, "--config", "registry.yaml")) {
      PlainClient client = new PlainClient(port);
      await()
          .atMost(Duration.ofMinutes(3))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> client.status("/v2/", "") == 401);

      assertThat(client.status("/v2/", TestRegistry.basic("alice", "wonderland"))).isEqualTo(200);
      assertThat(client.status("/v2/", TestRegistry.basic("alice", "x"))).isEqualTo(401);
      assertThat(new PlainClient(management).status("/health/liveness", "")).isEqualTo(200);
      assertThat(server.isAlive()).isTrue();
    }
  }

  private static void awaitReady(TestRegistry registry, ServerProcess server) {
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              assertThat(server.isAlive()).as(server.err()).isTrue();
              return TestRegistry.send(registry.client(), registry.management("/health/liveness"))
                      .statusCode()
                  == 200;
            });
  }
}
