package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls of a client that was sent here by its list of mirrors, and names the registry it means. */
final class NamespaceIT {
  private static final String BLOB = "content";
  private static final String DIGEST =
      Digest.of(DigestAlgorithm.SHA256, BLOB.getBytes(UTF_8)).toString();
  private static final String MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
       "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%1$s","size":7},"layers":[]}
      """
          .formatted(DIGEST);

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void startWithAnImage() throws Exception {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PULL, Action.PUSH));
    client = registry.client();
    assertThat(
            send(request("/v2/library/alpine/blobs/uploads/?digest=" + DIGEST)
                    .POST(BodyPublishers.ofString(BLOB)))
                .statusCode())
        .isEqualTo(201);
    assertThat(
            send(request("/v2/library/alpine/manifests/3")
                    .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                    .PUT(BodyPublishers.ofString(MANIFEST)))
                .statusCode())
        .isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io",
        "main.registries.svc",
        "main.registries.svc:5000",
        "[::1]:5000",
        "",
        "a b",
        "x%0d%0aX-Injected:%201",
        "%ff",
        "docker.io&ns=quay.io"
      })
  void aPullForAnotherRegistryGetsWhatTheRepositoryHolds(String namespace) throws Exception {
    HttpResponse<String> manifest = get("/v2/library/alpine/manifests/3?ns=" + namespace);
    HttpResponse<String> blob = get("/v2/library/alpine/blobs/" + DIGEST + "?ns=" + namespace);

    assertThat(manifest.statusCode()).isEqualTo(200);
    assertThat(manifest.body()).isEqualTo(MANIFEST);
    assertThat(blob.body()).isEqualTo(BLOB);
    assertThat(manifest.headers().map()).doesNotContainKeys("oci-namespace", "x-injected");
    assertThat(blob.headers().map()).doesNotContainKeys("oci-namespace", "x-injected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/library/alpine/manifests/3",
        "/v2/library/alpine/tags/list",
        "/v2/library/alpine/referrers/sha256:"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "/v2/library/alpine/manifests/none"
      })
  void anAnswerToAnOwnNameSaysWhatItIsFrom(String path) throws Exception {
    String own = "LocalHost:" + registry.port;

    HttpResponse<String> answer = get(path + "?ns=" + own);

    assertThat(answer.headers().allValues("OCI-Namespace")).containsExactly(own);
    assertThat(answer.statusCode()).isEqualTo(get(path).statusCode());
    assertThat(answer.body()).isEqualTo(get(path).body());
    assertThat(get(path).headers().firstValue("OCI-Namespace")).isEmpty();
  }

  @Test
  void aBlobAndItsHeadSayItToo() throws Exception {
    String path = "/v2/library/alpine/blobs/" + DIGEST + "?ns=127.0.0.1:" + registry.port;

    HttpResponse<String> whole = get(path);
    HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));

    assertThat(whole.body()).isEqualTo(BLOB);
    assertThat(whole.headers().firstValue("OCI-Namespace")).isPresent();
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("OCI-Namespace")).isPresent();
  }

  @Test
  void theOtherParametersOfARequestStillCount() throws Exception {
    String own = "&ns=127.0.0.1:" + registry.port;

    assertThat(get("/v2/library/alpine/tags/list?n=0" + own).body()).contains("\"tags\":[]");
    assertThat(
            send(request(
                        "/v2/library/copy/blobs/uploads/?from=library/alpine&mount=" + DIGEST + own)
                    .POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(201);
    assertThat(get("/v2/?x=1" + own).statusCode()).isEqualTo(200);
  }

  @Test
  void theHeaderInARequestChangesNothing() throws Exception {
    HttpResponse<String> answer =
        send(request("/v2/library/alpine/manifests/3").header("OCI-Namespace", "docker.io"));

    assertThat(answer.body()).isEqualTo(MANIFEST);
    assertThat(answer.headers().firstValue("OCI-Namespace")).isEmpty();
  }

  @Test
  void whoMayNotPullIsRefusedWhateverItNames() throws Exception {
    String path = "/v2/library/alpine/manifests/3?ns=127.0.0.1:" + registry.port;

    HttpResponse<String> answer = TestRegistry.send(client, registry.data(path));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("scope=\"repository:library/alpine:pull\"");
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private static HttpRequest.Builder request(String path) {
    return registry
        .data(path.replace(" ", "%20").replace("[", "%5B").replace("]", "%5D"))
        .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return TestRegistry.send(client, request);
  }
}
