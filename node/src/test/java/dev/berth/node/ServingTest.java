package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as it runs in its pod. */
class ServingTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir Path folder;
  private Node node;
  private int port;
  private Process agent;

  @BeforeEach
  void run() throws Exception {
    node = Node.withContainerd(folder);
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    node.listenAt(port);
    agent = node.start(node.bin.resolve("sh").toString(), folder.resolve("log"));
  }

  @AfterEach
  void stop() throws Exception {
    agent.descendants().forEach(ProcessHandle::destroyForcibly);
    agent.destroyForcibly().waitFor();
    http.close();
  }

  @Test
  void itFollowsThePlanAndTellsHowItStands() throws Exception {
    // Given: a pod that starts before its volume is filled
    await().atMost(SOON).until(() -> get("/state").body().contains("reason PlanIncomplete"));
    assertThat(get("/ready").statusCode()).isEqualTo(404);

    // When
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));

    // Then
    await().atMost(SOON).until(() -> get("/ready").statusCode() == 200);
    assertThat(get("/state").body())
        .isEqualTo(
            "revision r1\nreason Configured\nmessage containerd reads /etc/containerd/certs.d.\n");

    // When: the runtime's owner wipes the directory, as k3s does at each start
    for (String file : new String[] {"hosts.toml", "ca.crt", ".berth"}) {
      Files.delete(node.directory(Node.HOST).resolve(file));
    }
    Files.delete(node.directory(Node.HOST));

    // Then
    await().atMost(SOON).until(() -> Files.exists(node.directory(Node.HOST)));
  }

  @Test
  void itEndsWhenItIsToldToAndLeavesTheFiles() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    await().atMost(SOON).until(() -> get("/ready").statusCode() == 200);

    // When
    agent.destroy();

    // Then: an upgrade of the agent is no interruption of pulls
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isZero();
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).exists();
  }

  private HttpResponse<String> get(String path) throws InterruptedException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      // Not listening yet.
      return await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(
              () ->
                  http.send(
                      HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                      HttpResponse.BodyHandlers.ofString()),
              response -> true);
    }
  }
}
