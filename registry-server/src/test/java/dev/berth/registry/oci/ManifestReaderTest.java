package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);
  private static final String CONFIG =
      "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
          + A
          + "\",\"size\":2}";

  private final ManifestReader reader = new ManifestReader(3);

  @Test
  void anImageRefersToItsConfigAndLayers() {
    Manifest manifest =
        read(
            MediaTypes.OCI_MANIFEST,
            "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[" + layer("x/y", B) + "]}");

    assertThat(manifest.references())
        .containsExactly(
            new Manifest.Link(Manifest.Kind.CONFIG, Digest.parse(A)),
            new Manifest.Link(Manifest.Kind.LAYER, Digest.parse(B)));
    assertThat(manifest.artifactType()).isEqualTo("application/vnd.oci.image.config.v1+json");
    assertThat(manifest.subject()).isNull();
  }

  @Test
  void whatIsSmallAsTextAndLargeInMemoryIsRefused() {
    String filler = "{},".repeat(1000);

    assertThatExceptionOfType(OciException.class)
        .isThrownBy(
            () ->
                read(
                    MediaTypes.OCI_MANIFEST,
                    "{\"schemaVersion\":2," + CONFIG + ",\"x\":[" + filler + "{}]}"))
        .withMessageContaining("Token count")
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.MANIFEST_INVALID);
  }

  @Test
  void aForeignLayerNeedNotBeStored() {
    Manifest manifest =
        read(
            MediaTypes.DOCKER_MANIFEST,
            "{\"schemaVersion\":2,"
                + CONFIG
                + ",\"layers\":["
                + layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", B)
                + "]}");

    assertThat(manifest.references())
        .extracting(Manifest.Link::digest)
        .containsExactly(Digest.parse(A));
  }

  @Test
  void anIndexRefersToManifests() {
    Manifest manifest =
        read(
            MediaTypes.OCI_INDEX,
            "{\"schemaVersion\":2,\"manifests\":[" + layer(MediaTypes.OCI_MANIFEST, B) + "]}");

    assertThat(manifest.references())
        .isEqualTo(List.of(new Manifest.Link(Manifest.Kind.MANIFEST, Digest.parse(B))));
  }

  @Test
  void subjectTypeAndAnnotationsAreKept() {
    Manifest manifest =
        read(
            MediaTypes.OCI_MANIFEST + "; charset=utf-8",
            "{\"schemaVersion\":2,\"artifactType\":\"a/b\","
                + CONFIG
                + ",\"layers\":[],\"annotations\":{\"k\":\"v\"},\"unknown\":1,\"subject\":"
                + layer(MediaTypes.OCI_MANIFEST, B)
                + "}");

    assertThat(manifest.subject()).isEqualTo(Digest.parse(B));
    assertThat(manifest.artifactType()).isEqualTo("a/b");
    assertThat(manifest.annotations()).containsEntry("k", "v");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "nonsense",
        "{}",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a\",\"digest\":\"sha256:1\",\"size\":1}}",
        "{\"schemaVersion\":2,\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}",
        "{\"schemaVersion\":2,\"manifests\":[]}",
        "{\"schemaVersion\":2,\"layers\":{}}",
        "{\"schemaVersion\":2} {}"
      })
  void whatIsNoImageIsRefused(String body) {
    assertRefused(MediaTypes.OCI_MANIFEST, body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2\"", "2.5", "2.0", "4294967298", "18446744073709551618", "null"})
  void theSchemaVersionIsTheNumberTwoAndNothingLikeIt(String version) {
    assertRefused(MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":" + version + "," + CONFIG + "}");
  }

  @Test
  void anotherMediaTypeIsRefused() {
    assertRefused("application/json", "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[]}");
    assertRefused("", "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[]}");
  }

  @Test
  void tooManyDescriptorsAreRefused() {
    String four =
        String.join(",", List.of(layer("a", A), layer("a", A), layer("a", A), layer("a", A)));
    assertRefused(
        MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[" + four + "]}");
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflow() {
    String deep = "{\"schemaVersion\":2,\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertRefused(MediaTypes.OCI_MANIFEST, deep);
  }

  private Manifest read(String contentType, String body) {
    return reader.read(contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  private void assertRefused(String contentType, String body) {
    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> read(contentType, body))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.MANIFEST_INVALID);
  }

  private static String layer(String mediaType, String digest) {
    return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":1}";
  }
}
