package dev.berth.operator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica may answer: it runs the user's image, so anything at all. */
@NullUnmarked // a null is a failed test
class ManagementClientTest {
  private static final String TOKEN = "t0ken-that-no-message-may-show-000000";
  private static final KeyPairPem CERTIFICATE = certificate(Clock.systemUTC());

  private final ManagementClient client = new ManagementClient();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpsServer server;

  @BeforeEach
  void bind() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void theRevisionThatAReplicaEnforcesIsItsAnswer() throws Exception {
    // Given
    start(exchange -> answer(exchange, "{\"revision\":\"r1\",\"since\":\"today\"}"));

    // When, Then
    assertThat(put(CERTIFICATE)).isEqualTo("r1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "", "[]", "{\"revision\":", "<html>", "\"r1\"", "\0\0"})
  void anAnswerThatIsNoneOfTheApiIsAFailureOfTheReplica(String body) throws Exception {
    // Given
    start(exchange -> answer(exchange, body));

    // When, Then
    assertThatThrownBy(() -> put(CERTIFICATE))
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain(TOKEN)
        .doesNotContain("html");
  }

  @Test
  void anAnswerWithoutARevisionNamesNone() throws Exception {
    // Given
    start(exchange -> answer(exchange, "{}"));

    // When, Then
    assertThat(put(CERTIFICATE)).isEmpty();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerWhoseBodyNeverEndsIsGivenUp() throws Exception {
    // Given
    start(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(' ');
          exchange.getResponseBody().flush();
          awaitEnd();
        });

    // When, Then
    assertThatThrownBy(() -> put(CERTIFICATE)).isInstanceOf(IOException.class);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerWithoutBoundsIsNotKept() throws Exception {
    // Given
    start(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            byte[] spaces = new byte[1 << 16];
            while (end.getCount() > 0) {
              body.write(spaces);
            }
          }
        });

    // When, Then
    assertThatThrownBy(() -> put(CERTIFICATE)).isInstanceOf(IOException.class);
  }

  @Test
  void theTokenIsShownToThePinnedCertificateAlone() throws Exception {
    // Given
    CountDownLatch asked = new CountDownLatch(1);
    start(
        exchange -> {
          asked.countDown();
          answer(exchange, "{\"revision\":\"r1\"}");
        });

    // When, Then
    assertThatThrownBy(() -> put(certificate(Clock.systemUTC()))).isInstanceOf(IOException.class);
    assertThat(asked.getCount()).isOne();
  }

  @Test
  void aPinnedCertificateThatHasEndedIsNotTrusted() throws Exception {
    // Given
    KeyPairPem old =
        certificate(Clock.fixed(Instant.parse("2020-01-01T00:00:00Z"), ZoneOffset.UTC));
    start(old, exchange -> answer(exchange, "{\"revision\":\"r1\"}"));

    // When, Then
    assertThatThrownBy(() -> put(old)).isInstanceOf(IOException.class);
  }

  @Test
  void aRefusalIsNamedByItsStatus() throws Exception {
    // Given
    start(
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });

    // When, Then
    assertThatThrownBy(() -> put(CERTIFICATE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401")
        .hasMessageNotContaining(TOKEN);
  }

  private String put(KeyPairPem pinned) throws IOException, InterruptedException {
    return client.putPolicy(
        "127.0.0.1",
        server.getAddress().getPort(),
        new ManagementAccess(pinned.certificate(), TOKEN),
        new byte[] {1});
  }

  private void start(HttpHandler handler) throws Exception {
    start(CERTIFICATE, handler);
  }

  private void start(KeyPairPem certificate, HttpHandler handler) throws Exception {
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
    server.createContext("/", handler);
    server.start();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static KeyPairPem certificate(Clock clock) {
    return new CertificateIssuer(clock).selfSigned(List.of("management"), Duration.ofDays(1));
  }

  private static SSLContext context(KeyPairPem pair) throws Exception {
    String key = pair.key().replaceAll("-----[A-Z ]+-----", "");
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pair.certificate().getBytes(StandardCharsets.US_ASCII)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key))),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
