package dev.berth.registry.http;

import static dev.berth.registry.http.Client.descriptor;
import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.imageOf;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManifestIT extends RegistryTest {

  @Test
  void anImageIsPulledByTagAndDigestAsItWasPushed() {
    String manifest = client.pushImage("app", "v1", "layer");

    for (String reference : new String[] {"v1", digest(manifest)}) {
      Response response = client.get("/v2/app/manifests/" + reference);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(utf8(manifest));
      assertThat(response.header("Content-Type")).isEqualTo(MediaTypes.OCI_MANIFEST);
      assertThat(response.header("Docker-Content-Digest")).isEqualTo(digest(manifest));
      Response head = client.head("/v2/app/manifests/" + reference);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).isEqualTo("" + utf8(manifest).length);
      assertThat(head.header("Content-Type")).isEqualTo(MediaTypes.OCI_MANIFEST);
    }
    assertThat(
            client
                .get("/v2/app/manifests/v1", "If-None-Match", '"' + digest(manifest) + '"')
                .status())
        .isEqualTo(304);
  }

  @Test
  void aManifestOfSeveralMebibytesComesBackAsItWasPushed() {
    client.pushImage("long", "v0", "layer");
    String manifest =
        imageOf("layer")
            .replace(
                "\"layers\"", "\"annotations\":{\"k\":\"" + "x".repeat(3 << 20) + "\"},\"layers\"");
    client.pushManifest("long", "v1", MediaTypes.OCI_MANIFEST, manifest);

    Response response = client.get("/v2/long/manifests/v1");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(utf8(manifest));
    assertThat(response.header("Content-Length")).isEqualTo("" + utf8(manifest).length);
    assertThat(response.header("Content-Type")).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(response.header("Docker-Content-Digest")).isEqualTo(digest(manifest));
  }

  @Test
  void aPushTellsWhereTheManifestIs() {
    client.pushImage("where", "v1", "layer");
    String manifest = imageOf("layer");

    Response pushed = client.pushManifest("where", "v2", MediaTypes.OCI_MANIFEST, manifest);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Location")).isEqualTo("/v2/where/manifests/" + digest(manifest));
    assertThat(pushed.header("Docker-Content-Digest")).isEqualTo(digest(manifest));
  }

  @Test
  void dockersManifestsAreTaken() {
    client.pushBlob("docker", utf8("{}"));
    client.pushBlob("docker", utf8("layer"));
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaTypes.DOCKER_MANIFEST,
                descriptor("application/vnd.docker.container.image.v1+json", "{}"),
                descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", "layer"));
    String list = index(MediaTypes.DOCKER_LIST, MediaTypes.DOCKER_MANIFEST, manifest);

    assertThat(client.pushManifest("docker", "a", MediaTypes.DOCKER_MANIFEST, manifest).status())
        .isEqualTo(201);
    assertThat(client.pushManifest("docker", "l", MediaTypes.DOCKER_LIST, list).status())
        .isEqualTo(201);
    assertThat(client.get("/v2/docker/manifests/l").header("Content-Type"))
        .isEqualTo(MediaTypes.DOCKER_LIST);
  }

  @Test
  void aRefusedManifestMakesNoRepository() {
    client.pushManifest("ghost", "v1", MediaTypes.OCI_INDEX, imageOf("absent"));

    assertThat(client.get("/v2/ghost/tags/list").error()).isEqualTo("NAME_UNKNOWN");
  }

  @Test
  void anUnknownMediaTypeAndAContradictionAreRefused() {
    client.pushImage("types", "v1", "layer");

    assertThat(client.pushManifest("types", "x", "application/json", imageOf("layer")).error())
        .isEqualTo("MANIFEST_INVALID");
    assertThat(client.pushManifest("types", "x", MediaTypes.OCI_INDEX, imageOf("layer")).error())
        .isEqualTo("MANIFEST_INVALID");
    assertThat(client.put("/v2/types/manifests/x", utf8(imageOf("layer"))).error())
        .isEqualTo("MANIFEST_INVALID");
  }

  @Test
  void aManifestOfAnotherDigestIsRefused() {
    client.pushImage("digests", "v1", "layer");

    Response refused =
        client.pushManifest("digests", digest("else"), MediaTypes.OCI_MANIFEST, imageOf("layer"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).isEqualTo("DIGEST_INVALID");
  }

  @Test
  void aManifestIsPushedBySha512AndTagged() {
    client.pushImage("sha512", "v1", "layer");
    String digest = Digest.of(DigestAlgorithm.SHA512, utf8(imageOf("layer"))).toString();

    Response pushed =
        client.pushManifest(
            "sha512", digest + "?tag=a&tag=b", MediaTypes.OCI_MANIFEST, imageOf("layer"));

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.raw().headers().allValues("OCI-Tag")).containsExactly("a", "b");
    assertThat(client.head("/v2/sha512/manifests/a").header("Docker-Content-Digest"))
        .isEqualTo(digest);
  }

  @Test
  void aTagKeepsTheAlgorithmOfThePushThatMovedItLast() {
    client.pushImage("moves", "v1", "layer");
    String sha256 = digest(imageOf("layer"));
    String sha512 = Digest.of(DigestAlgorithm.SHA512, utf8(imageOf("layer"))).toString();

    for (String digest : new String[] {sha512, sha256, sha512}) {
      client.pushManifest("moves", digest + "?tag=v1", MediaTypes.OCI_MANIFEST, imageOf("layer"));

      assertThat(client.get("/v2/moves/manifests/v1").header("Docker-Content-Digest"))
          .isEqualTo(digest);
    }
    assertThat(client.delete("/v2/moves/manifests/" + sha512).status()).isEqualTo(202);
    assertThat(client.get("/v2/moves/manifests/v1").status()).isEqualTo(404);
    assertThat(client.get("/v2/moves/manifests/" + sha256).status()).isEqualTo(200);
  }

  @Test
  void aHundredTagsGoWithOneManifestAndNoMore() {
    client.pushImage("hundred", "v1", "layer");
    String path = digest(imageOf("layer")) + "?" + tags(0, 100);

    Response pushed =
        client.pushManifest("hundred", path, MediaTypes.OCI_MANIFEST, imageOf("layer"));
    Response refused =
        client.pushManifest(
            "hundred", path + "&tag=one-more", MediaTypes.OCI_MANIFEST, imageOf("layer"));

    assertThat(pushed.raw().headers().allValues("OCI-Tag")).hasSize(100);
    assertThat(refused.status()).isEqualTo(414);
    assertThat(client.get("/v2/hundred/manifests/one-more").status()).isEqualTo(404);
  }

  @Test
  void aPageOfTagsHasAtMostAThousand() {
    client.pushImage("many", "v1", "layer");
    for (int first = 0; first < 1000; first += 100) {
      String path = digest(imageOf("layer")) + "?" + tags(first, 100);
      client.pushManifest("many", path, MediaTypes.OCI_MANIFEST, imageOf("layer"));
    }

    for (String query : new String[] {"", "?n=5000"}) {
      Response page = client.get("/v2/many/tags/list" + query);

      assertThat(page.json().path("tags")).hasSize(1000);
      assertThat(page.header("Link"))
          .isEqualTo("</v2/many/tags/list?n=1000&last=t999>; rel=\"next\"");
    }
    assertThat(client.get("/v2/many/tags/list?n=1000&last=t999").json().path("tags").toString())
        .isEqualTo("[\"v1\"]");
  }

  private static String tags(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj("tag=t%03d"::formatted)
        .collect(Collectors.joining("&"));
  }

  @Test
  void anOversizeManifestIsRefusedAndTheConnectionStays() {
    byte[] large = new byte[5 * 1024 * 1024];

    Response refused =
        client.put("/v2/large/manifests/v1", large, "Content-Type", MediaTypes.OCI_MANIFEST);

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.error()).isEqualTo("SIZE_INVALID");
    assertThat(client.get("/v2/").status()).isEqualTo(200);
  }

  @Test
  void aManifestMayPrecedeItsSubjectAndIsListedAsItsReferrer() {
    client.pushImage("subject", "v1", "layer");
    String referrer =
        imageOf("layer")
            .replace(
                "\"layers\"",
                "\"artifactType\":\"a/b\",\"annotations\":{\"k\":\"v\"},\"subject\":"
                    + descriptor(MediaTypes.OCI_MANIFEST, "to come")
                    + ",\"layers\"");

    Response pushed =
        client.pushManifest("subject", digest(referrer), MediaTypes.OCI_MANIFEST, referrer);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("OCI-Subject")).isEqualTo(digest("to come"));
    Response list = client.get("/v2/subject/referrers/" + digest("to come") + "?artifactType=a/b");
    assertThat(list.header("Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(list.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(list.json().at("/manifests/0/digest").asText()).isEqualTo(digest(referrer));
    assertThat(list.json().at("/manifests/0/artifactType").asText()).isEqualTo("a/b");
    assertThat(list.json().at("/manifests/0/annotations/k").asText()).isEqualTo("v");
    assertThat(client.get("/v2/none/referrers/" + digest("x")).json().path("manifests")).isEmpty();
  }

  @Test
  void deletesAreSeenByTheNextRequest() {
    String manifest = client.pushImage("gone", "v1", "layer");
    client.pushManifest("gone", "v2", MediaTypes.OCI_MANIFEST, manifest);

    assertThat(client.delete("/v2/gone/manifests/v1").status()).isEqualTo(202);
    assertThat(client.get("/v2/gone/manifests/v1").status()).isEqualTo(404);
    assertThat(client.get("/v2/gone/manifests/v2").status()).isEqualTo(200);
    assertThat(client.delete("/v2/gone/manifests/" + digest(manifest)).status()).isEqualTo(202);
    assertThat(client.get("/v2/gone/manifests/v2").status()).isEqualTo(404);
    assertThat(client.get("/v2/gone/manifests/" + digest(manifest)).status()).isEqualTo(404);
    assertThat(client.delete("/v2/gone/manifests/v1").error()).isEqualTo("MANIFEST_UNKNOWN");
  }

  @Test
  void tagsAreListedInPages() {
    client.pushImage("paged", "c", "layer");
    for (String tag : new String[] {"a", "b", "d"}) {
      client.pushManifest("paged", tag, MediaTypes.OCI_MANIFEST, imageOf("layer"));
    }

    Response first = client.get("/v2/paged/tags/list?n=3");
    assertThat(first.header("Content-Type")).isEqualTo("application/json");
    assertThat(first.json().toString())
        .isEqualTo("{\"name\":\"paged\",\"tags\":[\"a\",\"b\",\"c\"]}");
    assertThat(first.header("Link")).isEqualTo("</v2/paged/tags/list?n=3&last=c>; rel=\"next\"");
    Response second = client.get("/v2/paged/tags/list?n=3&last=c");
    assertThat(second.json().path("tags").toString()).isEqualTo("[\"d\"]");
    assertThat(second.header("Link")).isEmpty();
    assertThat(client.get("/v2/paged/tags/list?n=0").json().path("tags")).isEmpty();
    assertThat(client.get("/v2/paged/tags/list?n=4").header("Link")).isEmpty();
    assertThat(client.get("/v2/paged/tags/list?n=-1").status()).isEqualTo(400);
    assertThat(client.get("/v2/paged/tags/list?n=x").error()).isEqualTo("UNSUPPORTED");
  }

  private static String index(String mediaType, String childType, String child) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(mediaType, descriptor(childType, child));
  }
}
