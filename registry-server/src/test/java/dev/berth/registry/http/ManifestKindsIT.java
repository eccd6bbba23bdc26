package dev.berth.registry.http;

import static dev.berth.registry.http.Client.descriptor;
import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.imageOf;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that the image specification lets a manifest be comes back as it was pushed. */
class ManifestKindsIT extends RegistryTest {
  private static final String CONFIG = descriptor("application/vnd.oci.image.config.v1+json", "{}");
  private static final String LAYER = descriptor("application/vnd.oci.image.layer.v1.tar", "layer");

  @BeforeAll
  void pushBlobs() {
    client.pushBlob("kinds", utf8("{}"));
    client.pushBlob("kinds", utf8("layer"));
  }

  @Test
  void anImageIsTakenBeforeItsLayersWithAWarning() {
    String image = imageOf("to come");

    Response pushed = client.pushManifest("kinds", "sparse", MediaTypes.OCI_MANIFEST, image);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Warning"))
        .isEqualTo(
            "299 - \"the repository does not have blob "
                + digest("to come")
                + " that this manifest refers to: it cannot be pulled before they are pushed\"");
    assertThat(client.get("/v2/kinds/manifests/sparse").body()).isEqualTo(utf8(image));
    assertThat(client.get("/v2/kinds/blobs/" + digest("to come")).status()).isEqualTo(404);
    client.pushBlob("kinds", utf8("to come"));
    assertThat(
            client
                .pushManifest("kinds", "sparse", MediaTypes.OCI_MANIFEST, image)
                .header("Warning"))
        .isEmpty();
  }

  @Test
  void anIndexIsTakenWithoutSomeOfItsPlatforms() {
    String here = client.pushImage("kinds", "amd64", "layer");
    String index =
        index(
            descriptor(MediaTypes.OCI_MANIFEST, here)
                + ","
                + descriptor(MediaTypes.OCI_MANIFEST, "arm64")
                + ","
                + descriptor(MediaTypes.OCI_MANIFEST, "s390x"));

    Response pushed = client.pushManifest("kinds", "some", MediaTypes.OCI_INDEX, index);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Warning"))
        .contains("manifest " + digest("arm64") + " and 1 more ")
        .doesNotContain(digest(here));
    assertThat(client.get("/v2/kinds/manifests/some").body()).isEqualTo(utf8(index));
    assertThat(client.get("/v2/kinds/manifests/" + digest("arm64")).error())
        .isEqualTo("MANIFEST_UNKNOWN");
  }

  @Test
  void aManifestOfAnotherRepositoryIsNotReachedThroughAnIndex() {
    String elsewhere = client.pushImage("elsewhere", "v1", "other layer");

    Response pushed =
        client.pushManifest(
            "kinds",
            "reach",
            MediaTypes.OCI_INDEX,
            index(descriptor(MediaTypes.OCI_MANIFEST, elsewhere)));

    assertThat(pushed.header("Warning")).contains(digest(elsewhere));
    assertThat(client.get("/v2/kinds/manifests/" + digest(elsewhere)).status()).isEqualTo(404);
    assertThat(client.get("/v2/kinds/blobs/" + digest("other layer")).status()).isEqualTo(404);
  }

  @Test
  void anIndexOfNothingIsAnIndex() {
    assertComesBack(MediaTypes.OCI_INDEX, index(""));
  }

  @Test
  void anIndexOfIndexesIsAnIndex() {
    String image = client.pushImage("kinds", "leaf", "layer");
    String inner = index(descriptor(MediaTypes.OCI_MANIFEST, image));
    assertComesBack(MediaTypes.OCI_INDEX, inner);

    assertComesBack(MediaTypes.OCI_INDEX, index(descriptor(MediaTypes.OCI_INDEX, inner)));
  }

  @Test
  void indexesThatNestTooDeepAreRefused() {
    String manifest = client.pushImage("deep", "image", "layer");
    String mediaType = MediaTypes.OCI_MANIFEST;
    for (int depth = 2; depth <= TestRegistry.NESTING; depth++) {
      manifest = index(descriptor(mediaType, manifest));
      mediaType = MediaTypes.OCI_INDEX;
      assertThat(client.pushManifest("deep", "d" + depth, mediaType, manifest).status())
          .isEqualTo(201);
    }
    String above = index(descriptor(mediaType, manifest));

    Response refused = client.pushManifest("deep", "above", mediaType, above);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).isEqualTo("MANIFEST_INVALID");
    assertThat(client.get("/v2/deep/manifests/above").status()).isEqualTo(404);
  }

  @Test
  void layersThatMayNotBeDistributedNeedNotBePushed() {
    String foreign =
        descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "far away")
            .replace("}", ",\"urls\":[\"https://store.example.com/layer\"]}");

    assertComesBack(MediaTypes.OCI_MANIFEST, image("", foreign + "," + LAYER));
  }

  @Test
  void fieldsThatNobodyKnowsAreKept() {
    assertComesBack(
        MediaTypes.OCI_MANIFEST,
        image("\"org.example\":{\"a\":[1,null,true]},", LAYER.replace("}", ",\"x\":\"y\"}")));
  }

  @Test
  void anArtifactNeedsNoLayers() {
    assertComesBack(
        MediaTypes.OCI_MANIFEST, image("\"artifactType\":\"application/vnd.example\",", ""));
  }

  @Test
  void contentInsideADescriptorIsKept() {
    String config = CONFIG.replace("}", ",\"data\":\"e30=\"}");

    assertComesBack(MediaTypes.OCI_MANIFEST, image("", LAYER).replace(CONFIG, config));
  }

  @Test
  void aManifestMayHaveFourMebibytesAndNotAByteMore() {
    String empty = image("\"annotations\":{\"k\":\"\"},", LAYER);
    String full = empty.replace("\"k\":\"", "\"k\":\"" + "x".repeat((4 << 20) - empty.length()));
    assertThat(full).hasSize(4 << 20);

    assertComesBack(MediaTypes.OCI_MANIFEST, full);

    Response refused = client.pushManifest("kinds", "large", MediaTypes.OCI_MANIFEST, full + " ");
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.error()).isEqualTo("SIZE_INVALID");
  }

  @Test
  void aManifestWithMoreDescriptorsOrDepthThanAllowedIsRefused() {
    String layers = (LAYER + ",").repeat(1000) + LAYER;
    String deep = "\"x\":" + "[".repeat(200) + "]".repeat(200) + ",";

    for (String manifest : new String[] {image("", layers), image(deep, LAYER)}) {
      Response refused = client.pushManifest("kinds", "limits", MediaTypes.OCI_MANIFEST, manifest);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error()).isEqualTo("MANIFEST_INVALID");
    }
    assertThat(client.get("/v2/kinds/manifests/limits").status()).isEqualTo(404);
  }

  private void assertComesBack(String mediaType, String manifest) {
    Response pushed = client.pushManifest("kinds", digest(manifest), mediaType, manifest);
    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Warning")).isEmpty();
    Response pulled = client.get("/v2/kinds/manifests/" + digest(manifest));
    assertThat(pulled.body()).isEqualTo(utf8(manifest));
    assertThat(pulled.header("Content-Type")).isEqualTo(mediaType);
  }

  private static String image(String fields, String layers) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",%s\"config\":%s,\"layers\":[%s]}"
        .formatted(MediaTypes.OCI_MANIFEST, fields, CONFIG, layers);
  }

  private static String index(String manifests) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaTypes.OCI_INDEX, manifests);
  }
}
