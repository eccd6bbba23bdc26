package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
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

/**
 * Asks the management port of one replica. A replica that does not answer in time is asked again at
 * the next visit.
 */
public final class ManagementClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final String POLICY = "/v1/policy";

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
    return send(access, request, Revision.class).revision();
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

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Revision(String revision) {}

  private <T> T send(ManagementAccess access, HttpRequest.Builder request, Class<T> type)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .sslContext(PinnedCertificate.context(access.certificate()))
            .build()) {
      HttpResponse<byte[]> answer =
          client.send(
              request
                  .header("Authorization", "Bearer " + access.token())
                  .timeout(ANSWER_TIMEOUT)
                  .build(),
              BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(answer.request().uri() + " answered " + answer.statusCode());
      }
      return json.readValue(answer.body(), type);
    } catch (GeneralSecurityException e) {
      throw new IOException("the management certificate cannot be used", e);
    }
  }

  private static URI uri(String address, int port, String path) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("https://" + host + ":" + port + path);
  }
}
