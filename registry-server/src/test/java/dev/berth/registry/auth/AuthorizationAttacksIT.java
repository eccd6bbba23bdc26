package dev.berth.registry.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.registry.cli.Policies;
import dev.berth.registry.cli.TestRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Authorization headers that no client would send, written to the socket as they are. */
final class AuthorizationAttacksIT {
  @TempDir static Path folder;

  private static TestRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PULL));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  static Stream<String> malformed() {
    return Stream.of(
        "Authorization: ",
        "Authorization: Basic",
        "Authorization: Basic ",
        "Authorization: Basic !!!!",
        "Authorization: Basic " + base64("no colon"),
        "Authorization: Basic " + base64(":no name"),
        "Authorization: Basic " + base64("ali\u0000ce:x"),
        "Authorization: Basic " + base64("ali\nce:x"),
        "Authorization: Basic " + Base64.getEncoder().encodeToString(new byte[] {-1, -2, ':', 1}),
        "Authorization: Basic " + base64("alice:" + "x".repeat(8 << 10)),
        "Authorization: Basic " + base64("a".repeat(8 << 10) + ":x"),
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer x",
        "Authorization: Bearer a.b.c",
        "Authorization: Bearer ..",
        "Authorization: Bearer " + "x".repeat(9 << 10),
        "Authorization: Bearer " + "x".repeat(20 << 10),
        "Authorization: Digest username=alice",
        "Authorization: " + "y".repeat(1000),
        "Authorization: Basic YTpi\r\nAuthorization: Basic YTpi",
        "Authorization: Bearer " + base64("{\"alg\":\"none\"}") + "." + base64("{}") + ".");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void areAnsweredWithAChallenge(String header) throws IOException {
    String answer = exchange("GET /v2/_probe HTTP/1.1\r\n", header);

    assertThat(answer).startsWith("HTTP/1.1 401 ");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .contains("www-authenticate: bearer realm=");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void giveNoTokenEither(String header) throws IOException {
    assertThat(exchange("GET /token HTTP/1.1\r\n", header)).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void aHeaderOfAMebibyteIsNotReadToItsEnd() throws IOException {
    assertThat(
            exchange("GET /v2/_probe HTTP/1.1\r\n", "Authorization: Bearer " + "x".repeat(1 << 20)))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aHostThatIsNotTheRegistrysIsNotSentBack() throws IOException {
    String answer = exchange("GET /v2/_probe HTTP/1.1\r\n", "X: y").replace("\r\n", "\n");
    String foreign =
        send("GET /v2/_probe HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

    assertThat(answer).contains("realm=\"https://localhost:" + registry.port + "/token\"");
    assertThat(foreign)
        .doesNotContain("evil")
        .contains("realm=\"https://localhost:" + registry.port + "/token\"");
  }

  private static String exchange(String line, String header) throws IOException {
    return send(
        line
            + "Host: LOCALHOST:"
            + registry.port
            + "\r\nConnection: close\r\n"
            + header
            + "\r\n\r\n");
  }

  private static String send(String request) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            registry
                .client()
                .sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), registry.port)) {
      try {
        socket.getOutputStream().write(request.getBytes(UTF_8));
      } catch (IOException e) {
        // The server may close before all of an oversized request is written; its answer counts.
      }
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
