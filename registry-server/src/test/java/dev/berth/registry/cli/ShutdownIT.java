package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import dev.berth.registry.auth.SlowProbe;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShutdownIT {
  @TempDir Path folder;

  @Test
  void aRequestThatRunsIsAnsweredWhileNewOnesAreRefused() throws Exception {
    TestRegistry registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PULL));
    SlowProbe slow = registry.server().context().getBean(SlowProbe.class);
    HttpClient client = registry.client();
    CompletableFuture<HttpResponse<String>> running =
        client.sendAsync(registry.data("/v2/_slow").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(slow.arrived.await(30, TimeUnit.SECONDS)).isTrue();

    Thread closing = Thread.ofPlatform().start(registry::close);

    await().until(() -> !accepts(registry.port));
    await()
        .until(
            () ->
                TestRegistry.send(client, registry.management("/health/readiness")).statusCode()
                    == 503);
    assertThat(running).isNotDone();
    slow.released.countDown();
    assertThat(running.get(30, TimeUnit.SECONDS).body()).isEqualTo("done");
    closing.join();
    await().until(() -> !accepts(registry.managementPort));
  }

  private static boolean accepts(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }
}
