package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates change as the kubelet changes them: by swapping the link that all files go through.
 */
final class TlsReloadIT {
  @TempDir Path folder;

  private final TestCertificates next = TestCertificates.rsa("next");
  private TestRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "**", Action.PULL));
    swap("1", registry.certificate.certificatePem(), registry.certificate.pkcs8Pem());
    for (String file : new String[] {"tls.crt", "tls.key"}) {
      Files.delete(folder.resolve(file));
      Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
    }
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aNewPairIsServedWithoutAFailedRequest() throws Exception {
    SSLContext trust = TestCertificates.trusting(registry.certificate, next);
    Queue<Object> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger done = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    Thread kept = Thread.ofVirtual().start(() -> request(reused(trust), failures, done, stop));
    Thread fresh =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!stop.get()) {
                    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
                      once(client, failures, done);
                    }
                  }
                });
    await().until(() -> done.get() > 20);

    swap("2", next.certificatePem(), next.pkcs8Pem());

    await().until(() -> served(registry.port, trust).equals(next.certificate()));
    int atSwap = done.get();
    await().until(() -> done.get() > atSwap + 20);
    stop.set(true);
    kept.join();
    fresh.join();
    assertThat(failures).isEmpty();
    assertThat(served(registry.managementPort, registry.client().sslContext()))
        .as("the other port keeps its own")
        .isEqualTo(registry.managementCertificate.certificate());
  }

  @Test
  void aPairThatDoesNotMatchIsNotServed() throws Exception {
    SSLContext trust = TestCertificates.trusting(registry.certificate, next);

    swap("2", next.certificatePem(), registry.certificate.pkcs8Pem());
    // A policy that is written later is in force: every file was looked at since.
    Files.write(
        folder.resolve("policy.json.gz"),
        dev.berth.policy.PolicyDocumentFormat.gzip(Policies.aliceMay(2, "x", Action.PULL)));
    await()
        .until(
            () ->
                TestRegistry.send(
                        registry.client(),
                        registry
                            .management("/v1/policy")
                            .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN))
                    .body()
                    .contains(Policies.aliceMay(2, "x", Action.PULL).revision()));

    assertThat(served(registry.port, trust)).isEqualTo(registry.certificate.certificate());
  }

  @Test
  void oldProtocolsAreRefused() {
    SSLContext trust = TestCertificates.trusting(registry.certificate);

    assertThatThrownBy(
            () -> {
              try (SSLSocket socket = connect(registry.port, trust)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.1"});
                socket.startHandshake();
              }
            })
        .isInstanceOf(SSLException.class);
  }

  private static HttpClient reused(SSLContext trust) {
    return HttpClient.newBuilder().sslContext(trust).build();
  }

  private void request(
      HttpClient client, Queue<Object> failures, AtomicInteger done, AtomicBoolean stop) {
    while (!stop.get()) {
      once(client, failures, done);
    }
  }

  private void once(HttpClient client, Queue<Object> failures, AtomicInteger done) {
    try {
      int status = TestRegistry.send(client, registry.data("/token")).statusCode();
      if (status != 200) {
        failures.add(status);
      }
    } catch (IOException | InterruptedException e) {
      failures.add(e);
    }
    done.incrementAndGet();
  }

  private static X509Certificate served(int port, SSLContext trust) throws IOException {
    try (SSLSocket socket = connect(port, trust)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static SSLSocket connect(int port, SSLContext trust) throws IOException {
    return (SSLSocket)
        trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
  }

  private void swap(String version, byte[] certificate, byte[] key) throws IOException {
    Path data = Files.createDirectories(folder.resolve("..v" + version));
    Files.write(data.resolve("tls.crt"), certificate);
    Files.write(data.resolve("tls.key"), key);
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
    Files.move(
        link,
        folder.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
