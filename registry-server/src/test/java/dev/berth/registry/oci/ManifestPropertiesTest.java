package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Whatever is pushed, it is a manifest or an error of the specification. */
class ManifestPropertiesTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String TYPE = "application/vnd.oci.image.config.v1+json";
  private static final List<String> MEDIA_TYPES =
      List.of(
          MediaTypes.OCI_MANIFEST,
          MediaTypes.OCI_INDEX,
          MediaTypes.DOCKER_MANIFEST,
          MediaTypes.DOCKER_LIST);

  private final ManifestReader reader = new ManifestReader(8);

  /** What the client made, before it became JSON. */
  record Image(
      Digest config,
      List<Digest> layers,
      Optional<Digest> subject,
      Optional<String> artifactType,
      Map<String, String> annotations) {

    ObjectNode json() {
      ObjectNode root = JSON.objectNode().put("schemaVersion", 2);
      root.set("config", descriptor(config, TYPE));
      ArrayNode list = root.putArray("layers");
      layers.forEach(layer -> list.add(descriptor(layer, "application/x")));
      subject.ifPresent(digest -> root.set("subject", descriptor(digest, MediaTypes.OCI_MANIFEST)));
      artifactType.ifPresent(type -> root.put("artifactType", type));
      ObjectNode noted = root.putObject("annotations");
      annotations.forEach(noted::put);
      return root;
    }

    private static ObjectNode descriptor(Digest digest, String mediaType) {
      return JSON.objectNode()
          .put("mediaType", mediaType)
          .put("digest", digest.toString())
          .put("size", 7);
    }
  }

  @Provide
  Arbitrary<Image> images() {
    Arbitrary<Digest> digests =
        Arbitraries.integers()
            .map(
                i ->
                    Digest.of(
                        i % 2 == 0 ? DigestAlgorithm.SHA256 : DigestAlgorithm.SHA512,
                        new byte[] {(byte) (i >> 1)}));
    return Combinators.combine(
            digests,
            digests.list().uniqueElements().ofMaxSize(8),
            digests.optional(),
            Arbitraries.strings().alpha().ofMinLength(1).optional(),
            Arbitraries.maps(Arbitraries.strings(), Arbitraries.strings()).ofMaxSize(5))
        .as(Image::new);
  }

  /** JSON that has the words of manifests in right and wrong places. */
  @Provide
  Arbitrary<JsonNode> json() {
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.of(
                    MediaTypes.OCI_MANIFEST,
                    MediaTypes.OCI_INDEX,
                    "sha256:" + "a".repeat(64),
                    "2",
                    "")
                .map(JSON::textNode),
            Arbitraries.strings().ofMaxLength(10).map(JSON::textNode),
            Arbitraries.of(2L, 0L, -1L, Long.MAX_VALUE).map(JSON::numberNode),
            Arbitraries.of(2.0, 2.5, -0.1, 1e300).map(JSON::numberNode),
            Arbitraries.doubles().map(JSON::numberNode),
            Arbitraries.bigIntegers().map(JSON::numberNode),
            Arbitraries.just(JSON.nullNode()),
            Arbitraries.of(true, false).map(JSON::booleanNode));
    return Arbitraries.recursive(() -> leaf, ManifestPropertiesTest::nested, 0, 3);
  }

  private static Arbitrary<JsonNode> nested(Arbitrary<JsonNode> inner) {
    Arbitrary<String> words =
        Arbitraries.of(
            "schemaVersion",
            "mediaType",
            "config",
            "layers",
            "manifests",
            "subject",
            "annotations",
            "artifactType",
            "digest",
            "size",
            "other");
    Arbitrary<JsonNode> objects =
        Arbitraries.maps(words, inner).ofMaxSize(6).map(fields -> JSON.objectNode().setAll(fields));
    Arbitrary<JsonNode> arrays =
        inner.list().ofMaxSize(3).map(items -> JSON.arrayNode().addAll(items));
    return Arbitraries.oneOf(objects, arrays);
  }

  @Property
  void whatTheClientMadeIsRead(@ForAll("images") Image image) {
    Manifest read = reader.read(MediaTypes.OCI_MANIFEST, bytes(image.json()));

    assertThat(read.references())
        .first()
        .isEqualTo(new Manifest.Link(Manifest.Kind.CONFIG, image.config));
    assertThat(read.references().stream().skip(1))
        .containsExactlyElementsOf(
            image.layers.stream().map(l -> new Manifest.Link(Manifest.Kind.LAYER, l)).toList());
    assertThat(read.subject()).isEqualTo(image.subject.orElse(null));
    assertThat(read.artifactType()).isEqualTo(image.artifactType.orElse(TYPE));
    assertThat(read.annotations()).isEqualTo(image.annotations);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyJsonIsAManifestOrRefused(
      @ForAll("json") JsonNode json, @ForAll @IntRange(max = 3) int t) {
    assertReadOrRefused(MEDIA_TYPES.get(t), bytes(json));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aManifestWithAFieldOfAnythingIsReadOrRefused(
      @ForAll("images") Image image,
      @ForAll("json") JsonNode anything,
      @ForAll @IntRange(max = 4) int field,
      @ForAll boolean nested) {
    ObjectNode root = image.json();
    if (nested) {
      root.withObject("/config")
          .set(List.of("mediaType", "digest", "size", "x", "urls").get(field), anything);
    } else {
      root.set(
          List.of("schemaVersion", "layers", "subject", "annotations", "artifactType").get(field),
          anything);
    }

    boolean read = assertReadOrRefused(MediaTypes.OCI_MANIFEST, bytes(root));

    Statistics.collect(read);
    Statistics.coverage(
        seen -> {
          seen.check(true).percentage(share -> share > 5);
          seen.check(false).percentage(share -> share > 5);
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aManifestThatWasDamagedOnItsWayIsReadOrRefused(
      @ForAll("images") Image image, @ForAll @IntRange(max = 10_000) int at, @ForAll byte instead) {
    byte[] damaged = bytes(image.json());
    damaged[at % damaged.length] = instead;

    assertReadOrRefused(MediaTypes.OCI_MANIFEST, damaged);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aManifestThatWasCutOffIsRefused(
      @ForAll("images") Image image, @ForAll @IntRange(max = 10_000) int at) {
    String whole = image.json().toString();

    assertThat(
            assertReadOrRefused(
                MediaTypes.OCI_MANIFEST,
                whole.substring(0, at % whole.length()).getBytes(StandardCharsets.UTF_8)))
        .isFalse();
  }

  private boolean assertReadOrRefused(String type, byte[] body) {
    try {
      Manifest read = reader.read(type, body);
      assertThat(read.mediaType()).isEqualTo(type);
      String text = new String(body, StandardCharsets.UTF_8);
      assertThat(read.references()).allMatch(link -> text.contains(link.digest().hex()));
      assertThat(schemaVersion(body)).isEqualTo("2");
      return true;
    } catch (OciException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID);
      assertThat(e.status()).isEqualTo(400);
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }

  private static String schemaVersion(byte[] body) {
    try {
      return JsonMapper.builder().build().readTree(body).get("schemaVersion").toString();
    } catch (IOException e) {
      throw new AssertionError("no JSON", e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
