package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.MediaTypes;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that keep the server waiting are not waited for. */
class SlowClientsIT extends RegistryTest {
  private static final int MOST_CONNECTIONS = 4;

  @Override
  TestRegistry start(Path folder) {
    return TestRegistry.start(
        folder,
        Duration.ofSeconds(1),
        new RegistryConfiguration.Connections(
            MOST_CONNECTIONS, MOST_CONNECTIONS, Duration.ofMillis(200), 64 << 10));
  }

  @Test
  void headersThatDoNotEndAreAnsweredAndTheConnectionIsClosed() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Endless: ").receive();

      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body()).startsWith("{\"errors\":[{\"code\":\"UNSUPPORTED\"");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aChunkThatDoesNotEndIsAnsweredAndTheSessionGoesOn() throws IOException {
    String location = client.startUpload("slow");
    client.patch(location, utf8("hello"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send(
                  "PATCH "
                      + location
                      + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\npartial")
              .receive();

      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("BLOB_UPLOAD_INVALID", "too slowly");
      assertThat(connection.isClosedByServer()).isTrue();
    }
    try (Client again = new Client(registry.uri())) {
      assertThat(again.patch(location, utf8(", ")).header("Range")).isEqualTo("0-6");
      assertThat(again.put(location + "?digest=" + digest("hello, world"), utf8("world")).status())
          .isEqualTo(201);
    }
  }

  @Test
  void aManifestThatDoesNotEndIsAnswered() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send(
                  "PUT /v2/slow/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: "
                      + MediaTypes.OCI_MANIFEST
                      + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sch\r\n")
              .receive();

      assertThat(answer.status()).isEqualTo(408);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aBodyThatDoesNotEndAfterItsAnswerClosesTheConnection() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send("PUT /v2/BAD/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx")
              .receive();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void anAnswerThatNobodyReadsIsNotKept() throws IOException {
    String blob = "0123456789abcdef".repeat(2 << 20);
    assertThat(client.pushBlob("slow", utf8(blob)).status()).isEqualTo(201);
    String digest = digest(blob);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), registry.port()));
      RawConnection connection = new RawConnection(socket);
      connection.send("GET /v2/slow/blobs/" + digest + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.take(1)).isEqualTo(1);

      // The connection of the client above is idle and ends as well.
      await().untilAsserted(() -> assertThat(openConnections()).isZero());
    }
  }

  @Test
  void aConnectionTooManyIsClosedAndOthersAreServed() throws IOException {
    await().untilAsserted(() -> assertThat(openConnections()).isZero());
    List<RawConnection> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_CONNECTIONS; i++) {
        RawConnection connection = new RawConnection(registry.port());
        open.add(connection);
        assertServes(connection);
      }
      try (RawConnection tooMany = new RawConnection(registry.port())) {
        assertThat(tooMany.isClosedByServer()).isTrue();
      }
      assertServes(open.getFirst());

      open.removeLast().close();
      await().untilAsserted(() -> assertThat(openConnections()).isLessThan(MOST_CONNECTIONS));
      open.add(new RawConnection(registry.port()));
      assertServes(open.getLast());
    } finally {
      for (RawConnection connection : open) {
        connection.close();
      }
    }
  }

  private static void assertServes(RawConnection connection) throws IOException {
    assertThat(connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n").receive().body())
        .isEqualTo("{}");
  }

  private double openConnections() {
    return registry.bean(MeterRegistry.class).get("berth.connections.open").gauge().value();
  }
}
