package dev.berth.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of the distribution API that checks nothing: tests do. */
final class Client implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A connection that is left hanging must fail a test, not slow it down. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI registry;

  Client(URI registry) {
    this(registry, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  }

  Client(URI registry, HttpClient http) {
    this.registry = registry;
    this.http = http;
  }

  /** The connection ended before an answer came. */
  static final class NoAnswer extends AssertionError {
    private static final long serialVersionUID = 1L;

    NoAnswer(String request, IOException cause) {
      super(request + " got no answer", cause);
    }
  }

  /** An answer with its whole body. */
  record Response(HttpResponse<byte[]> raw) {
    int status() {
      return raw.statusCode();
    }

    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    byte[] body() {
      return raw.body();
    }

    JsonNode json() {
      try {
        return JSON.readTree(raw.body());
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + new String(raw.body(), StandardCharsets.UTF_8), e);
      }
    }

    String error() {
      return json().path("errors").path(0).path("code").asText();
    }
  }

  Response get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Response head(String path, String... headers) {
    return send("HEAD", path, BodyPublishers.noBody(), headers);
  }

  Response delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  Response post(String path, byte[] body) {
    return send("POST", path, BodyPublishers.ofByteArray(body));
  }

  Response put(String path, byte[] body, String... headers) {
    return send("PUT", path, BodyPublishers.ofByteArray(body), headers);
  }

  Response patch(String path, byte[] body, String... headers) {
    return send("PATCH", path, BodyPublishers.ofByteArray(body), headers);
  }

  Response send(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(registry.resolve(path)).timeout(PATIENCE).method(method, body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Response(http.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new NoAnswer(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Begins an upload and returns where it goes on. */
  String startUpload(String repository) {
    return post("/v2/" + repository + "/blobs/uploads/", new byte[0]).header("Location");
  }

  Response pushBlob(String repository, byte[] content) {
    return post("/v2/" + repository + "/blobs/uploads/?digest=" + digest(content), content);
  }

  Response pushManifest(String repository, String reference, String mediaType, String manifest) {
    return put(
        "/v2/" + repository + "/manifests/" + reference, utf8(manifest), "Content-Type", mediaType);
  }

  /** Pushes an image of one layer and returns its manifest. */
  String pushImage(String repository, String tag, String layer) {
    pushBlob(repository, utf8("{}"));
    pushBlob(repository, utf8(layer));
    String manifest = imageOf(layer);
    pushManifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest);
    return manifest;
  }

  static String imageOf(String layer) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
        .formatted(
            MediaTypes.OCI_MANIFEST,
            descriptor("application/vnd.oci.image.config.v1+json", "{}"),
            descriptor("application/vnd.oci.image.layer.v1.tar", layer));
  }

  static String descriptor(String mediaType, String content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest(utf8(content)), utf8(content).length);
  }

  static String digest(byte[] content) {
    return Digest.of(DigestAlgorithm.SHA256, content).toString();
  }

  static String digest(String content) {
    return digest(utf8(content));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
