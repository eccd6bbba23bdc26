package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class PipeliningIT extends RegistryTest {

  @Test
  void answersComeInTheOrderOfTheRequests() throws IOException {
    String large = "0123456789abcdef".repeat(256 * 1024);
    client.pushBlob("pipe", utf8(large));
    client.pushBlob("pipe", utf8("small"));
    String get = "GET /v2/pipe/blobs/";
    String end = " HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          get
              + digest(large)
              + end
              + "HEAD /v2/pipe/blobs/"
              + digest("small")
              + end
              + get
              + digest("small")
              + end
              + get
              + digest("none")
              + end
              + "GET /v2/pipe/blobs/"
              + digest("small")
              + " HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n"
              + get
              + digest(large)
              + end
              + "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(connection.receive().body()).isEqualTo(large);
      assertThat(connection.receiveHead().header("content-length")).isEqualTo("5");
      assertThat(connection.receive().body()).isEqualTo("small");
      assertThat(connection.receive().status()).isEqualTo(404);
      assertThat(connection.receive().body()).isEqualTo("ma");
      assertThat(connection.receive().body()).isEqualTo(large);
      assertThat(connection.receive().body()).isEqualTo("{}");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aConnectionIsClosedAfterTheWholeBodyWhereTheClientAsksForIt() throws IOException {
    String large = "fedcba9876543210".repeat(512 * 1024);
    client.pushBlob("closing", utf8(large));
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          "GET /v2/closing/blobs/"
              + digest(large)
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(connection.receive().body()).isEqualTo(large);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void contentThatIsLostIsAnErrorAndTheConnectionStays() throws IOException {
    client.pushBlob("lost", utf8("soon lost"));
    String hex = digest("soon lost").substring("sha256:".length());
    Files.delete(
        folder.resolve(
            "data/docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send("GET /v2/lost/blobs/sha256:" + hex + " HTTP/1.1\r\nHost: x\r\n\r\n")
              .receive();

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("\"UNAVAILABLE\"").doesNotContain(folder.toString());
      assertThat(connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n").receive().status())
          .isEqualTo(200);
    }
  }
}
