package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownIT {
  private static final int SIZE = 64 * 1024 * 1024;

  @Test
  void aDownloadUnderWayIsFinished(@TempDir Path folder) throws Exception {
    byte[] content = new byte[SIZE];
    TestRegistry registry = TestRegistry.start(folder);
    try (Client client = new Client(registry.uri())) {
      client.pushBlob("app", content);
    }
    try (RawConnection download = new RawConnection(registry.port())) {
      download.send("GET /v2/app/blobs/" + digest(content) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(download.receiveHead().header("content-length")).isEqualTo("" + SIZE);

      CompletableFuture<Void> closed = CompletableFuture.runAsync(registry::shutDownGracefully);

      assertThat(download.take(SIZE)).isEqualTo(SIZE);
      assertThat(download.isClosedByServer()).isTrue();
      closed.get();
    } finally {
      registry.close();
    }
  }

  @Test
  void anUploadUnderWayIsFinished(@TempDir Path folder) throws Exception {
    TestRegistry registry = TestRegistry.start(folder);
    try (RawConnection upload = new RawConnection(registry.port())) {
      upload.send(
          "POST /v2/app/blobs/uploads/?digest="
              + digest("helloworld")
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
      assertThat(upload.receiveHead().status()).isEqualTo(100);

      CompletableFuture<Void> closed = CompletableFuture.runAsync(registry::shutDownGracefully);
      upload.send("hello").send("world");

      assertThat(upload.receive().status()).isEqualTo(201);
      closed.get();
    } finally {
      registry.close();
    }
  }

  @Test
  void anUploadGoesOnAfterARestart(@TempDir Path folder) throws IOException {
    String location;
    try (TestRegistry registry = TestRegistry.start(folder);
        Client client = new Client(registry.uri())) {
      location = client.startUpload("app");
      client.patch(location, Client.utf8("hello"));
    }
    try (TestRegistry registry = TestRegistry.start(folder);
        Client client = new Client(registry.uri())) {
      assertThat(client.get(location).header("Range")).isEqualTo("0-4");
      assertThat(
              client
                  .put(location + "?digest=" + digest("helloworld"), Client.utf8("world"))
                  .status())
          .isEqualTo(201);
    }
  }
}
