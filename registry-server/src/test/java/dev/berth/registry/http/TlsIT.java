package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {

  @Test
  void blobsAreSentInOrderAndWholeOverTls(@TempDir Path folder) throws Exception {
    Map<String, Object> tls =
        Map.of(
            "micronaut.server.ssl.enabled", true,
            "micronaut.server.ssl.build-self-signed", true,
            "micronaut.server.ssl.prefer-openssl", true,
            "micronaut.server.ssl.port", 0);
    String large =
        new Random(3)
            .ints(6_000_001, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    try (TestRegistry registry = TestRegistry.start(folder, new TestRegistry.OpenAccess(), tls);
        RawConnection push = connect(registry.port());
        RawConnection pull = connect(registry.port())) {
      push(push, large);
      push(push, "small");
      String get = "GET /v2/tls/blobs/";
      String end = " HTTP/1.1\r\nHost: x\r\n\r\n";
      pull.send(
          get
              + digest(large)
              + end
              + get
              + digest("small")
              + end
              + "HEAD /v2/tls/blobs/"
              + digest(large)
              + end
              + get
              + digest(large)
              + " HTTP/1.1\r\nHost: x\r\nRange: bytes=-3\r\n\r\n"
              + get
              + digest(large)
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(pull.receive().body()).isEqualTo(large);
      assertThat(pull.receive().body()).isEqualTo("small");
      assertThat(pull.receiveHead().header("content-length")).isEqualTo("" + large.length());
      assertThat(pull.receive().body()).isEqualTo(large.substring(large.length() - 3));
      assertThat(pull.receive().body()).isEqualTo(large);
      assertThat(pull.isClosedByServer()).isTrue();
    }
  }

  private static void push(RawConnection connection, String content) throws IOException {
    connection.send(
        "POST /v2/tls/blobs/uploads/?digest="
            + digest(content)
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + utf8(content).length
            + "\r\n\r\n"
            + content);
    assertThat(connection.receive().status()).isEqualTo(201);
  }

  private static RawConnection connect(int port) throws IOException, GeneralSecurityException {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    // At once: the server does not wait for it while another connection is used.
    socket.startHandshake();
    return new RawConnection(socket);
  }
}
