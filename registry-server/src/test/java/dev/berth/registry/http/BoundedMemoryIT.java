package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedMemoryIT {
  private static final long SIZE = 300L * 1024 * 1024;

  @Test
  void aBlobLargerThanTheHeapGoesInAndOut(@TempDir Path folder) throws Exception {
    try (Server server = Server.start(folder, 1);
        HttpClient http = HttpClient.newHttpClient()) {
      URI registry = URI.create("http://127.0.0.1:" + server.port);
      MessageDigest sent = DigestAlgorithm.SHA256.hasher();
      HttpResponse<Void> started =
          http.send(
              HttpRequest.newBuilder(registry.resolve("/v2/big/blobs/uploads/"))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.discarding());
      String location = started.headers().firstValue("Location").orElseThrow();
      HttpResponse<Void> patched =
          http.send(
              HttpRequest.newBuilder(registry.resolve(location))
                  .method(
                      "PATCH",
                      BodyPublishers.ofInputStream(() -> new DigestInputStream(noise(), sent)))
                  .build(),
              BodyHandlers.discarding());
      assertThat(patched.statusCode()).isEqualTo(202);
      Digest digest = Digest.of(DigestAlgorithm.SHA256, sent);
      HttpResponse<Void> finished =
          http.send(
              HttpRequest.newBuilder(registry.resolve(location + "?digest=" + digest))
                  .PUT(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.discarding());
      assertThat(finished.statusCode()).isEqualTo(201);

      HttpResponse<InputStream> pulled =
          http.send(
              HttpRequest.newBuilder(registry.resolve("/v2/big/blobs/" + digest)).build(),
              BodyHandlers.ofInputStream());
      assertThat(digestOf(pulled.body())).isEqualTo(digest);
    }
  }

  @Test
  void manifestsThatComeSlowlyAndTogetherFitIntoMemory(@TempDir Path folder) throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try (Server server = Server.start(folder, 1)) {
      String body = "{\"schemaVersion\":2,\"x\":\"" + "x".repeat(4_000_000) + "\"}";
      for (int i = 0; i < 24; i++) {
        connections.add(
            new RawConnection(server.port)
                .send(
                    "PUT /v2/many/manifests/t%d HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(i, MediaTypes.OCI_MANIFEST, body.length()))
                .send(body.substring(0, body.length() - 2)));
      }
      for (RawConnection connection : connections) {
        RawConnection.Answer answer = connection.send("\"}").receive();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("MANIFEST_INVALID", "config");
      }
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void layersThatComeTogetherFitIntoMemory(@TempDir Path folder) throws Exception {
    try (Server server = Server.start(folder, 1)) {
      assertThat(pushAtOnce(server.port, 64, 12 << 20)).containsOnlyKeys(201);
    }
  }

  @Test
  void moreThanFitAreTakenOrToldToComeAgain(@TempDir Path folder) throws Exception {
    try (Server server = Server.start(folder, 800)) {
      assertThat(pushAtOnce(server.port, 800, 128 << 10)).containsOnlyKeys(201, 503);
      assertThat(pushAtOnce(server.port, 1, 128 << 10)).containsOnlyKeys(201);
    }
  }

  /** Tells how many of the clients were answered with each status. */
  private static Map<Integer, Long> pushAtOnce(int port, int clients, int size) throws Exception {
    String layer = "x".repeat(size);
    String request =
        "POST /v2/many/blobs/uploads/?digest=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
            .formatted(Client.digest(layer), size);
    List<RawConnection> connections = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        RawConnection connection = new RawConnection(port);
        connections.add(connection);
        statuses.add(threads.submit(() -> connection.send(request).send(layer).receive().status()));
      }
      Map<Integer, Long> counts = new TreeMap<>();
      for (Future<Integer> status : statuses) {
        counts.merge(status.get(), 1L, Long::sum);
      }
      return counts;
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  /** A server of little memory, as a process. */
  private record Server(Process process, BufferedReader output, int port) implements AutoCloseable {

    /**
     * Starts it.
     *
     * @param together how many requests wait for each other before the first one is let through
     */
    private static Server start(Path folder, int together) throws IOException {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx64m",
                  "-XX:MaxDirectMemorySize=32m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RegistryProcess.class.getName(),
                  folder.toString(),
                  "0",
                  "" + together)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader output = process.inputReader();
      return new Server(process, output, portFrom(output));
    }

    private static int portFrom(BufferedReader output) throws IOException {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("PORT ")) {
          return Integer.parseInt(line.substring("PORT ".length()));
        }
      }
      throw new AssertionError("the server did not start");
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      process.onExit().join();
      output.close();
    }
  }

  private static Digest digestOf(InputStream body) throws IOException {
    MessageDigest received = DigestAlgorithm.SHA256.hasher();
    try (InputStream in = new DigestInputStream(body, received)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.of(DigestAlgorithm.SHA256, received);
  }

  /** As long as the blob, the same each time, and not compressible. */
  private static InputStream noise() {
    Random random = new Random(5);
    return new InputStream() {
      private long left = SIZE;

      @Override
      public int read() {
        return left-- > 0 ? random.nextInt(256) : -1;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int count = (int) Math.min(left, length);
        byte[] block = new byte[count];
        random.nextBytes(block);
        System.arraycopy(block, 0, buffer, offset, count);
        left -= count;
        return count;
      }
    };
  }
}
