package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of both ports change again and again, as a volume of a Secret does, under load. */
final class TlsReloadLoadIT {
  private static final int SWAPS = 6;
  private static final int CLIENTS = 4;
  private static final Duration SOON = Duration.ofSeconds(8);
  private static final List<String> FILES =
      List.of("tls.crt", "tls.key", "management.crt", "management.key");

  @TempDir Path folder;

  @Test
  void noRequestAndNoUploadFailsWhileCertificatesChange() throws Exception {
    // Given
    List<TestCertificates> pairs =
        IntStream.range(0, SWAPS + 1)
            .mapToObj(
                i -> i % 2 == 0 ? TestCertificates.ec("c" + i) : TestCertificates.rsa("c" + i))
            .toList();
    SSLContext trust = TestCertificates.trusting(pairs.toArray(TestCertificates[]::new));
    Queue<Object> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger done = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    try (TestRegistry registry =
            TestRegistry.prepare(folder, Policies.aliceMay(1, "**", Action.PULL, Action.PUSH));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      swap(0, pairs.getFirst());
      for (String file : FILES) {
        Files.delete(folder.resolve(file));
        Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
      }
      registry.start();
      Upload upload = new Upload(registry, trust);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(clients.submit(() -> keepAlive(registry, trust, failures, done, stop)));
        running.add(clients.submit(() -> anew(registry, trust, failures, done, stop)));
      }

      // When
      for (int i = 1; i <= SWAPS; i++) {
        int before = done.get();
        await().atMost(SOON).until(() -> done.get() > before + CLIENTS);
        upload.write();
        swap(i, pairs.get(i));
        X509Certificate wanted = pairs.get(i).certificate();
        await().atMost(SOON).until(() -> served(registry.port, trust).equals(wanted));
        await().atMost(SOON).until(() -> served(registry.managementPort, trust).equals(wanted));
        await().atMost(SOON).until(() -> management(registry, trust).contains(fingerprint(wanted)));
      }
      upload.write();
      stop.set(true);
      for (Future<?> client : running) {
        client.get();
      }

      // Then
      assertThat(upload.finish()).isEqualTo(201);
      assertThat(failures).isEmpty();
      assertThat(done).hasValueGreaterThan(SWAPS * CLIENTS);
    }
  }

  /** One request whose body is sent from before the first swap until after the last. */
  private static final class Upload {
    private final PipedOutputStream body = new PipedOutputStream();
    private final MessageDigest digest = MessageDigest.getInstance("SHA-256");
    private final HttpClient client;
    private final URI location;
    private final TestRegistry registry;
    private final CompletableFuture<HttpResponse<String>> answer;

    Upload(TestRegistry registry, SSLContext trust) throws Exception {
      this.registry = registry;
      this.client = HttpClient.newBuilder().sslContext(trust).build();
      HttpResponse<String> started =
          TestRegistry.send(
              client,
              registry
                  .data("/v2/team/app/blobs/uploads/")
                  .header("Authorization", credentials())
                  .POST(BodyPublishers.noBody()));
      assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
      location = at(started);
      PipedInputStream sent = new PipedInputStream(body, 1 << 16);
      answer =
          client.sendAsync(
              registry
                  .data("/")
                  .uri(location)
                  .header("Authorization", credentials())
                  .method("PATCH", BodyPublishers.ofInputStream(() -> sent))
                  .build(),
              BodyHandlers.ofString());
      write();
    }

    void write() throws IOException {
      byte[] part = new byte[1 << 15];
      digest.update(part);
      body.write(part);
      body.flush();
    }

    int finish() throws Exception {
      assertThat(answer).as("the upload goes on").isNotDone();
      body.close();
      HttpResponse<String> patched = answer.get();
      assertThat(patched.statusCode()).as(patched.body()).isEqualTo(202);
      String query =
          (at(patched).getRawQuery() == null ? "?" : "&")
              + "digest=sha256:"
              + HexFormat.of().formatHex(digest.digest());
      return TestRegistry.send(
              client,
              registry
                  .data("/")
                  .uri(URI.create(at(patched) + query))
                  .header("Authorization", credentials())
                  .PUT(BodyPublishers.noBody()))
          .statusCode();
    }

    private URI at(HttpResponse<String> response) {
      return response.uri().resolve(response.headers().firstValue("Location").orElseThrow());
    }

    private static String credentials() {
      return TestRegistry.basic("alice", TestRegistry.PASSWORD);
    }
  }

  private static void keepAlive(
      TestRegistry registry,
      SSLContext trust,
      Queue<Object> failures,
      AtomicInteger done,
      AtomicBoolean stop) {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      while (!stop.get()) {
        once(registry, client, failures, done);
      }
    }
  }

  private static void anew(
      TestRegistry registry,
      SSLContext trust,
      Queue<Object> failures,
      AtomicInteger done,
      AtomicBoolean stop) {
    while (!stop.get()) {
      try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
        once(registry, client, failures, done);
      }
    }
  }

  private static void once(
      TestRegistry registry, HttpClient client, Queue<Object> failures, AtomicInteger done) {
    try {
      int status = TestRegistry.send(client, registry.data("/token")).statusCode();
      if (status != 200) {
        failures.add(status);
      }
      done.incrementAndGet();
    } catch (IOException | InterruptedException e) {
      failures.add(e);
    }
  }

  private static String management(TestRegistry registry, SSLContext trust) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return TestRegistry.send(
              client,
              registry
                  .management("/v1/certificate")
                  .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN))
          .body();
    }
  }

  private static String fingerprint(X509Certificate certificate) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  private static X509Certificate served(int port, SSLContext trust) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private void swap(int version, TestCertificates pair) throws IOException {
    Path data = Files.createDirectories(folder.resolve("..v" + version));
    pair.writeTo(data.resolve("tls.crt"), data.resolve("tls.key"));
    pair.writeTo(data.resolve("management.crt"), data.resolve("management.key"));
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
    Files.move(
        link,
        folder.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
