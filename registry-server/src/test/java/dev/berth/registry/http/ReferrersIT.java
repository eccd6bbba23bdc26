package dev.berth.registry.http;

import static dev.berth.registry.http.Client.descriptor;
import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.imageOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What refers to a manifest is listed from the moment it is pushed, whatever came first. */
class ReferrersIT extends RegistryTest {
  private static final String SBOM = "application/vnd.example.sbom";

  @Test
  void aReferrerIsListedBeforeAndAfterItsSubjectIsPushed() {
    String subject = imageOf("layer");
    String referrer = artifact(subject, "\"artifactType\":\"" + SBOM + "\",");

    Response pushed = push("order", referrer);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("OCI-Subject")).isEqualTo(digest(subject));
    assertThat(listed("order", subject, "")).containsExactly(digest(referrer));
    client.pushImage("order", "v1", "layer");
    assertThat(listed("order", subject, "")).containsExactly(digest(referrer));
  }

  @Test
  void aDescriptorSaysWhatTheReferrerIs() {
    String subject = client.pushImage("describe", "v1", "layer");
    String referrer =
        artifact(subject, "\"artifactType\":\"" + SBOM + "\",\"annotations\":{\"k\":\"v\"},");
    push("describe", referrer);

    Response list = client.get("/v2/describe/referrers/" + digest(subject));

    assertThat(list.header("Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(list.header("OCI-Filters-Applied")).isEmpty();
    JsonNode json = list.json();
    assertThat(json.path("schemaVersion").asInt()).isEqualTo(2);
    assertThat(json.path("mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(json.at("/manifests/0/mediaType").asText()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(json.at("/manifests/0/size").asInt()).isEqualTo(referrer.length());
    assertThat(json.at("/manifests/0/artifactType").asText()).isEqualTo(SBOM);
    assertThat(json.at("/manifests/0/annotations/k").asText()).isEqualTo("v");
  }

  @Test
  void withoutATypeOfItsOwnAnImageHasItsConfigsAndAnIndexHasNone() {
    String subject = client.pushImage("untyped", "v1", "layer");
    push("untyped", artifact(subject, ""));
    String index = indexOf("", subject);
    client.pushManifest("untyped", digest(index), MediaTypes.OCI_INDEX, index);

    JsonNode list = client.get("/v2/untyped/referrers/" + digest(subject)).json();

    assertThat(list.path("manifests"))
        .hasSize(2)
        .anySatisfy(
            image ->
                assertThat(image.path("artifactType").asText())
                    .isEqualTo("application/vnd.oci.image.config.v1+json"))
        .anySatisfy(
            other -> {
              assertThat(other.path("mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
              assertThat(other.has("artifactType")).isFalse();
            });
  }

  @Test
  void aFilterLeavesWhatIsOfTheType() {
    String subject = client.pushImage("filter", "v1", "layer");
    String wanted = artifact(subject, "\"artifactType\":\"" + SBOM + "+json\",");
    push("filter", wanted);
    push("filter", artifact(subject, "\"artifactType\":\"application/vnd.example.other\","));

    Response list =
        client.get("/v2/filter/referrers/" + digest(subject) + "?artifactType=" + SBOM + "%2Bjson");
    Response nothing = client.get("/v2/filter/referrers/" + digest(subject) + "?artifactType=x/y");

    assertThat(list.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(digests(list)).containsExactly(digest(wanted));
    assertThat(nothing.status()).isEqualTo(200);
    assertThat(nothing.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(digests(nothing)).isEmpty();
  }

  @Test
  void pagesFollowOneAnotherAndKeepTheFilter() {
    String subject = client.pushImage("pages", "v1", "layer");
    for (int i = 0; i < 5; i++) {
      String type = i == 4 ? "x/y" : SBOM + "+json";
      push("pages", artifact(subject, "\"artifactType\":\"" + type + "\",\"n\":" + i + ","));
    }

    List<String> seen = new ArrayList<>();
    String next =
        "/v2/pages/referrers/" + digest(subject) + "?n=2&artifactType=" + SBOM + "%2Bjson";
    while (!next.isEmpty()) {
      Response page = client.get(next);
      assertThat(page.header("OCI-Filters-Applied")).isEqualTo("artifactType");
      assertThat(digests(page)).hasSize(2);
      seen.addAll(digests(page));
      next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }

    assertThat(seen).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void whatWasPushedByTheReferrersTagSchemeIsListedOnce() {
    String subject = client.pushImage("scheme", "v1", "layer");
    String referrer = artifact(subject, "\"artifactType\":\"" + SBOM + "\",");
    String stranger = client.pushImage("scheme", "stranger", "layer");
    push("scheme", referrer);
    String index =
        indexOf(
            String.join(
                ",",
                descriptor(MediaTypes.OCI_MANIFEST, referrer),
                descriptor(MediaTypes.OCI_MANIFEST, stranger),
                descriptor(MediaTypes.OCI_MANIFEST, "never pushed")),
            null);

    Response pushed =
        client.pushManifest(
            "scheme", digest(subject).replace(':', '-'), MediaTypes.OCI_INDEX, index);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(listed("scheme", subject, "")).containsExactly(digest(referrer));
    assertThat(client.get("/v2/scheme/manifests/" + digest(subject).replace(':', '-')).status())
        .isEqualTo(200);
  }

  @Test
  void aDeletedReferrerIsNotListedAndADeletedSubjectKeepsItsReferrers() {
    String subject = client.pushImage("delete", "v1", "layer");
    String one = artifact(subject, "\"n\":1,");
    String two = artifact(subject, "\"n\":2,");
    push("delete", one);
    push("delete", two);

    client.delete("/v2/delete/manifests/" + digest(one));
    client.delete("/v2/delete/manifests/" + digest(subject));

    assertThat(listed("delete", subject, "")).containsExactly(digest(two));
  }

  @Test
  void aSubjectThatIsNoDigestIsRefusedAndOneWithoutReferrersHasAnEmptyList() {
    assertThat(client.get("/v2/bad/referrers/sha256:zz").error()).isEqualTo("DIGEST_INVALID");
    assertThat(client.get("/v2/bad/referrers/v1").status()).isEqualTo(400);
    assertThat(client.get("/v2/bad/referrers/md5:" + "a".repeat(32)).status()).isEqualTo(400);
    Response empty = client.get("/v2/nobody/referrers/" + digest("x"));
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.json().path("manifests").isArray()).isTrue();
  }

  private Response push(String repository, String referrer) {
    return client.pushManifest(repository, digest(referrer), MediaTypes.OCI_MANIFEST, referrer);
  }

  private List<String> listed(String repository, String subject, String query) {
    return digests(client.get("/v2/" + repository + "/referrers/" + digest(subject) + query));
  }

  private static List<String> digests(Response list) {
    return list.json().path("manifests").findValuesAsText("digest");
  }

  private static String artifact(String subject, String fields) {
    return imageOf("layer")
        .replace(
            "\"layers\"",
            fields + "\"subject\":" + descriptor(MediaTypes.OCI_MANIFEST, subject) + ",\"layers\"");
  }

  private static String indexOf(String manifests, @Nullable String subject) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",%s\"manifests\":[%s]}"
        .formatted(
            MediaTypes.OCI_INDEX,
            subject == null
                ? ""
                : "\"subject\":" + descriptor(MediaTypes.OCI_MANIFEST, subject) + ",",
            manifests);
  }
}
