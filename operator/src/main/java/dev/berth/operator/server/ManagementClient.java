package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the management port of one replica. A replica that does not answer in time is asked again at
 * the next visit.
 */
public final class ManagementClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  /** Its answers are short; a longer one is not a registry server's, and is not kept. */
  private static final long MAX_ANSWER_BYTES = 64 << 10;

  /** One of what several thousand Repositories hold is longer. */
  private static final long MAX_LISTING_BYTES = 16 << 20;

  private static final String POLICY = "/v1/policy";

  /** What becomes part of the name of an image. */
  private static final Predicate<String> DIGEST =
      Pattern.compile("sha256:[0-9a-f]{64}").asMatchPredicate();

  private final ObjectMapper json = new ObjectMapper();

  /**
   * Sends a policy document and returns the revision that the replica enforces from now on.
   *
   * @param address of the pod
   * @param document gzipped JSON
   * @throws IOException when the replica cannot be reached or refuses
   */
  public String putPolicy(String address, int port, ManagementAccess access, byte[] document)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(address, port, POLICY))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(document));
    String revision = send(access, request, Revision.class).revision();
    return revision == null ? "" : revision;
  }

  /**
   * Says that the document of this revision is what holds at this moment.
   *
   * @return the revision that the replica enforces
   * @throws IOException when the replica cannot be reached, refuses, or does not know the request
   */
  public String confirmPolicy(String address, int port, ManagementAccess access, String revision)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(address, port, POLICY + "/confirm"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(Map.of("revision", revision))));
    String enforced = send(access, request, Revision.class).revision();
    return enforced == null ? "" : enforced;
  }

  /**
   * Asks what the replica stores.
   *
   * @throws IOException when the replica cannot be reached or refuses
   */
  public ServerUsage usage(String address, int port, ManagementAccess access)
      throws IOException, InterruptedException {
    return send(access, HttpRequest.newBuilder(uri(address, port, "/v1/usage")), ServerUsage.class);
  }

  /**
   * Asks what garbage collection did and may do.
   *
   * @throws IOException when the replica cannot be reached or refuses
   */
  public ServerCollection collection(String address, int port, ManagementAccess access)
      throws IOException, InterruptedException {
    return send(
        access,
        HttpRequest.newBuilder(uri(address, port, "/v1/garbage-collection")),
        ServerCollection.class);
  }

  /**
   * Asks what each Repository holds, and what retention does there.
   *
   * @throws IOException when the replica cannot be reached or refuses
   */
  public List<ServerHolding> holdings(String address, int port, ManagementAccess access)
      throws IOException, InterruptedException {
    List<ServerHolding> declared =
        send(
                access,
                HttpRequest.newBuilder(uri(address, port, "/v1/declared")),
                Listing.class,
                MAX_LISTING_BYTES)
            .declared();
    return declared == null ? List.of() : declared.stream().filter(Objects::nonNull).toList();
  }

  /**
   * Asks which certificate the replica presents to clients.
   *
   * @return SHA-256 of it, hex; empty when the replica does not say
   * @throws IOException when the replica cannot be reached or refuses
   */
  public String certificate(String address, int port, ManagementAccess access)
      throws IOException, InterruptedException {
    String fingerprint =
        send(
                access,
                HttpRequest.newBuilder(uri(address, port, "/v1/certificate")),
                Fingerprint.class)
            .fingerprint();
    return fingerprint == null ? "" : fingerprint;
  }

  /**
   * Has what a pattern matches deleted, but what more specific Repositories declare: as much as the
   * replica does before the patience of who asks ends.
   *
   * @param path as {@code spec.path} of a Repository says it
   * @throws IOException when the replica cannot be reached or refuses; some may be gone already
   */
  public DeletedRepositories deleteRepositories(
      String address, int port, ManagementAccess access, String path)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(address, port, "/v1/repositories/delete"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(Map.of("path", path))));
    return send(access, request, DeletedRepositories.class);
  }

  /**
   * Has the replica store the image by which nodes prove that they can pull.
   *
   * @return its digest
   * @throws IOException when the replica cannot be reached, refuses, or has no such image
   */
  public String storeCanary(String address, int port, ManagementAccess access)
      throws IOException, InterruptedException {
    String digest =
        send(
                access,
                HttpRequest.newBuilder(uri(address, port, "/v1/canary"))
                    .POST(BodyPublishers.noBody()),
                Stored.class)
            .digest();
    if (digest == null || !DIGEST.test(digest)) {
      throw new IOException("the canary's digest is none");
    }
    return digest;
  }

  /**
   * What one request had deleted.
   *
   * @param repositories how many went
   * @param more whether others are left, to be asked for again
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DeletedRepositories(long repositories, boolean more) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Listing(@Nullable List<ServerHolding> declared) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Revision(@Nullable String revision) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Stored(@Nullable String digest) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Fingerprint(@Nullable String fingerprint) {}

  private <T> T send(ManagementAccess access, HttpRequest.Builder request, Class<T> type)
      throws IOException, InterruptedException {
    return send(access, request, type, MAX_ANSWER_BYTES);
  }

  private <T> T send(
      ManagementAccess access, HttpRequest.Builder request, Class<T> type, long longest)
      throws IOException, InterruptedException {
    HttpRequest asked = request.header("Authorization", "Bearer " + access.token()).build();
    HttpClient client = client(access);
    try {
      HttpResponse<byte[]> answer =
          completed(
              client.sendAsync(asked, BodyHandlers.limiting(BodyHandlers.ofByteArray(), longest)));
      if (answer.statusCode() != 200) {
        throw new IOException(asked.uri() + " answered " + answer.statusCode());
      }
      return read(asked.uri(), answer.body(), type);
    } finally {
      // An orderly close waits for an answer that never ends.
      client.shutdownNow();
    }
  }

  private static HttpClient client(ManagementAccess access) throws IOException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .sslContext(PinnedCertificate.context(access.certificate()))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("the management certificate cannot be used", e);
    }
  }

  /** Waits for the whole answer: the timeout of a request ends where its body begins. */
  private static <T> T completed(CompletableFuture<T> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + ANSWER_TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException("the request failed", e.getCause());
    }
  }

  private <T> T read(URI asked, byte[] body, Class<T> type) throws IOException {
    @Nullable T answer;
    try {
      answer = json.readValue(body, type);
    } catch (JsonProcessingException e) {
      // Its message would bring what the replica wrote into the log.
      throw new IOException(asked + " answered what is not the expected JSON", e);
    }
    if (answer == null) {
      throw new IOException(asked + " answered nothing");
    }
    return answer;
  }

  private static URI uri(String address, int port, String path) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("https://" + host + ":" + port + path);
  }
}
