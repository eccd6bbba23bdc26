package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every answer has, whatever it is about. */
class AnswersIT extends RegistryTest {
  private static final String MANIFEST = Client.imageOf("layer");

  @BeforeAll
  void pushAnImage() {
    client.pushImage("answers", "v1", "layer");
  }

  static List<String> resources() {
    return List.of(
        "/v2/",
        "/v2/answers/tags/list",
        "/v2/answers/referrers/" + digest(MANIFEST),
        "/v2/answers/manifests/v1",
        "/v2/answers/manifests/" + digest(MANIFEST),
        "/v2/answers/blobs/" + digest("layer"),
        "/v2/answers/manifests/missing",
        "/v2/answers/blobs/" + digest("missing"),
        "/v2/answers/manifests/%C3%A9",
        "/v2/nobody/tags/list",
        "/nowhere");
  }

  @ParameterizedTest
  @MethodSource("resources")
  void headTellsWhatGetTells(String path) {
    Response get = client.get(path);
    Response head = client.head(path);

    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.body()).isEmpty();
    for (String header :
        new String[] {
          "Content-Type",
          "Content-Length",
          "Docker-Content-Digest",
          "ETag",
          "Accept-Ranges",
          "OCI-Filters-Applied",
          "Docker-Distribution-Api-Version"
        }) {
      assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
    }
    assertThat(get.header("Content-Length")).isEqualTo("" + get.body().length);
    assertThat(get.header("Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void aContentTypeIsExactlyTheTypeWithoutParameters() {
    Map<String, String> expected =
        Map.of(
            "/v2/",
            "application/json",
            "/v2/answers/tags/list",
            "application/json",
            "/v2/answers/referrers/" + digest(MANIFEST),
            MediaTypes.OCI_INDEX,
            "/v2/answers/manifests/v1",
            MediaTypes.OCI_MANIFEST,
            "/v2/answers/blobs/" + digest("layer"),
            "application/octet-stream",
            "/v2/answers/blobs/" + digest("missing"),
            "application/json");

    expected.forEach(
        (path, type) ->
            assertThat(client.get(path).raw().headers().allValues("Content-Type"))
                .as(path)
                .containsExactly(type));
  }

  @Test
  void parametersOfAPushedTypeAreNotServed() {
    client.pushManifest(
        "answers", "charset", MediaTypes.OCI_MANIFEST + "; charset=utf-8", MANIFEST);

    assertThat(client.get("/v2/answers/manifests/charset").header("Content-Type"))
        .isEqualTo(MediaTypes.OCI_MANIFEST);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() {
    for (String content :
        new String[] {
          "manifests/v1", "manifests/" + digest(MANIFEST), "blobs/" + digest("layer")
        }) {
      String path = "/v2/answers/" + content;
      String tag = client.get(path).header("ETag");
      assertThat(tag).startsWith("\"").endsWith("\"");

      for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
        Response get = client.get(path, "If-None-Match", known);
        assertThat(get.status()).as(known).isEqualTo(304);
        assertThat(get.body()).isEmpty();
        assertThat(get.header("ETag")).isEqualTo(tag);
        assertThat(get.header("Docker-Content-Digest")).isNotEmpty();
        assertThat(client.head(path, "If-None-Match", known).status()).isEqualTo(304);
      }
      assertThat(client.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }
  }

  @Test
  void aTagThatMovedIsSentAgain() {
    client.pushImage("moving", "latest", "first");
    String before = client.get("/v2/moving/manifests/latest").header("ETag");
    client.pushImage("moving", "latest", "second");

    Response after = client.get("/v2/moving/manifests/latest", "If-None-Match", before);

    assertThat(after.status()).isEqualTo(200);
    assertThat(after.body()).isEqualTo(utf8(Client.imageOf("second")));
  }

  @Test
  void aLocationIsAPathOfThisRegistry() {
    String upload = client.post("/v2/answers/blobs/uploads/", new byte[0]).header("Location");
    String blob = client.pushBlob("answers", utf8("layer")).header("Location");
    String manifest =
        client.pushManifest("answers", "v1", MediaTypes.OCI_MANIFEST, MANIFEST).header("Location");

    assertThat(List.of(upload, blob, manifest)).allMatch(path -> path.startsWith("/v2/answers/"));
    assertThat(client.get(upload).status()).isEqualTo(204);
    assertThat(client.get(blob).body()).isEqualTo(utf8("layer"));
    assertThat(client.get(manifest).body()).isEqualTo(utf8(MANIFEST));
  }

  @Test
  void theNamespaceThatAClientNamesDoesNotChangeWhatItGets() {
    for (String path : new String[] {"manifests/v1", "blobs/" + digest("layer"), "tags/list"}) {
      Response plain = client.get("/v2/answers/" + path);
      Response named = client.get("/v2/answers/" + path + "?ns=registry.example.com");

      assertThat(named.status()).isEqualTo(200);
      assertThat(named.body()).isEqualTo(plain.body());
      // Only a registry that goes by the namespace says so.
      assertThat(named.header("OCI-Namespace")).isEmpty();
    }
  }
}
