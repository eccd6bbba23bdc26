package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By TLS a client may speak HTTP/2, and gets the same from it as by HTTP/1.1. */
final class Http2IT {
  private static final byte[] CONTENT = new byte[3_000_003];

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    new Random(7).nextBytes(CONTENT);
    registry =
        TestRegistry.start(
            folder, Policies.aliceMay(1, "**", Action.PULL, Action.PUSH, Action.DELETE));
    client = registry.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @Test
  void aBlobIsPushedWholeAndPulled() throws Exception {
    HttpResponse<byte[]> pushed = push("whole");
    HttpResponse<byte[]> pulled = get("/v2/whole/blobs/" + digest());
    HttpResponse<byte[]> part = get("/v2/whole/blobs/" + digest(), "Range", "bytes=-500");

    assertThat(pushed.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(pulled.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(pulled.body()).isEqualTo(CONTENT);
    assertThat(pulled.headers().firstValue("Content-Length")).contains("" + CONTENT.length);
    assertThat(pulled.headers().firstValue("x-sendfile")).isEmpty();
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body())
        .isEqualTo(Arrays.copyOfRange(CONTENT, CONTENT.length - 500, CONTENT.length));
  }

  @Test
  void aBlobIsStreamed() throws Exception {
    String location =
        send("POST", "/v2/stream/blobs/uploads/", BodyPublishers.noBody())
            .headers()
            .firstValue("Location")
            .orElseThrow();

    HttpResponse<byte[]> patched =
        send(
            "PATCH",
            location,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(CONTENT)));
    assertThat(patched.statusCode()).isEqualTo(202);
    assertThat(patched.headers().firstValue("Range")).contains("0-" + (CONTENT.length - 1));
    assertThat(send("PUT", location + "?digest=" + digest(), BodyPublishers.noBody()).statusCode())
        .isEqualTo(201);
  }

  @Test
  void manyRequestsShareAConnection() throws Exception {
    push("shared");
    String path = "/v2/shared/blobs/" + digest();

    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        IntStream.range(0, 20)
            .mapToObj(
                i -> client.sendAsync(request("GET", path).build(), BodyHandlers.ofByteArray()))
            .toList();

    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      assertThat(answer.get().body()).isEqualTo(CONTENT);
    }
  }

  @Test
  void manyPushesShareAConnection() throws Exception {
    // Of one user who was here before: so many first passwords at once would be refused.
    push("many");

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 48)
            .mapToObj(
                i ->
                    client.sendAsync(
                        request("POST", "/v2/many/blobs/uploads/?digest=" + digest())
                            .POST(
                                i % 2 == 0
                                    ? BodyPublishers.ofByteArray(CONTENT)
                                    : BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(CONTENT)))
                            .build(),
                        BodyHandlers.ofString()))
            .toList();

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(201);
    }
  }

  @Test
  void aManifestIsPushedAndPulledAndAsksNothingTwice() throws Exception {
    push("image");
    String type = "application/vnd.oci.image.manifest.v1+json";
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","layers":[],
         "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":%d}}"""
            .formatted(type, digest(), CONTENT.length);
    HttpRequest put =
        request("GET", "/v2/image/manifests/v1")
            .header("Content-Type", type)
            .PUT(BodyPublishers.ofString(manifest))
            .build();

    assertThat(client.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    HttpResponse<byte[]> pulled = get("/v2/image/manifests/v1");
    assertThat(new String(pulled.body(), UTF_8)).isEqualTo(manifest);
    assertThat(pulled.headers().firstValue("Content-Type")).contains(type);
    String tag = pulled.headers().firstValue("ETag").orElseThrow();
    assertThat(get("/v2/image/manifests/v1", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(new String(get("/v2/image/tags/list").body(), UTF_8)).contains("\"v1\"");
  }

  @Test
  void aHeadTellsTheSizeAndABadRangeIsRefused() throws Exception {
    push("head");
    String path = "/v2/head/blobs/" + digest();

    HttpResponse<byte[]> head = send("HEAD", path, BodyPublishers.noBody());
    HttpResponse<byte[]> beyond = get(path, "Range", "bytes=" + CONTENT.length + "-");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("" + CONTENT.length);
    assertThat(head.body()).isEmpty();
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */" + CONTENT.length);
  }

  @Test
  void aPullThatIsBrokenOffLeavesTheOthersAlone() throws Exception {
    push("broken");
    String path = "/v2/broken/blobs/" + digest();
    try (InputStream body =
        client.send(request("GET", path).build(), BodyHandlers.ofInputStream()).body()) {
      assertThat(body.readNBytes(10)).isEqualTo(Arrays.copyOf(CONTENT, 10));
    }

    assertThat(get(path).body()).isEqualTo(CONTENT);
  }

  @Test
  void aClientThatResetsOneRequestAfterTheOtherIsCutOff() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            TestCertificates.trusting(registry.certificate)
                .getSocketFactory()
                .createSocket("127.0.0.1", registry.port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      out.write(ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf()));
      frame(out, 4, 0, 0);
      for (int i = 0; i < 250; i++) {
        int stream = 2 * i + 1;
        // GET and https by their number, then :path with its value.
        frame(out, 1, 5, stream, 0x82, 0x87, 0x04, 4, '/', 'v', '2', '/');
        frame(out, 3, 0, stream, 0, 0, 0, 8);
      }
      out.flush();

      assertThat(errorOfGoAway(new DataInputStream(socket.getInputStream()))).isEqualTo(11);
    }
    assertThat(get("/v2/").statusCode()).isEqualTo(200);
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, int... payload)
      throws IOException {
    out.writeByte(0);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    for (int octet : payload) {
      out.writeByte(octet);
    }
  }

  private static int errorOfGoAway(DataInputStream in) throws IOException {
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(5);
      ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
      if (type == 7) {
        return payload.getInt(4);
      }
    }
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws Exception {
    assertThat(refusalOf("X-Large", "x".repeat(34_000))).isIn("431", "RST_STREAM");

    assertThat(get("/v2/").statusCode()).isEqualTo(200);
  }

  /**
   * The status, or that the stream was reset: Netty does the second right after the first, and what
   * the client tells of the two depends on which of its threads is faster.
   */
  private static String refusalOf(String... headers) throws Exception {
    try {
      return String.valueOf(get("/v2/", headers).statusCode());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("RST_STREAM");
      return "RST_STREAM";
    }
  }

  @Test
  void aServerThatEndsDoesNotWaitForConnectionsThatAreIdle(@TempDir Path other) throws Exception {
    TestRegistry ending = TestRegistry.start(other, Policies.aliceMay(1, "**", Action.PULL));
    try (HttpClient idle = ending.client()) {
      assertThat(TestRegistry.send(idle, ending.data("/v2/")).version())
          .isEqualTo(HttpClient.Version.HTTP_2);

      long began = System.nanoTime();
      ending.close();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void aRefusedBodyLeavesTheConnection() throws Exception {
    HttpResponse<byte[]> refused =
        send("PUT", "/v2/BAD/manifests/v1", BodyPublishers.ofByteArray(CONTENT));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(get("/v2/").statusCode()).isEqualTo(200);
  }

  @Test
  void theChallengeNamesTheHostThatTheClientAskedFor() throws Exception {
    HttpResponse<String> challenged = TestRegistry.send(client, registry.data("/v2/"));

    assertThat(challenged.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(challenged.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("realm=\"https://127.0.0.1:" + registry.port + "/token\"");
  }

  @Test
  void aClientOfHttp11IsServedAsWell() throws Exception {
    push("older");
    HttpResponse<byte[]> pulled =
        client.send(
            request("GET", "/v2/older/blobs/" + digest())
                .version(HttpClient.Version.HTTP_1_1)
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(pulled.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(pulled.body()).isEqualTo(CONTENT);
  }

  private static HttpResponse<byte[]> push(String repository) throws Exception {
    HttpResponse<byte[]> pushed =
        send(
            "POST",
            "/v2/" + repository + "/blobs/uploads/?digest=" + digest(),
            BodyPublishers.ofByteArray(CONTENT));
    assertThat(pushed.statusCode()).as(new String(pushed.body(), UTF_8)).isEqualTo(201);
    return pushed;
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request("GET", path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> send(String method, String path, BodyPublisher body)
      throws Exception {
    return client.send(
        request("GET", path).method(method, body).build(), BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(String method, String path) {
    return registry
        .data(path)
        .method(method, BodyPublishers.noBody())
        .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD));
  }

  private static String digest() {
    return Digest.of(DigestAlgorithm.SHA256, CONTENT).toString();
  }
}
