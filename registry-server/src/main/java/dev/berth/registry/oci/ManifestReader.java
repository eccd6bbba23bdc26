package dev.berth.registry.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads image manifests and indexes, of OCI and of Docker's schema 2. Fields it does not know are
 * let through; what it knows must be well formed.
 */
public final class ManifestReader {
  private static final int MAX_DEPTH = 100;

  /** What a descriptor may take with many annotations, and what surrounds the descriptors. */
  private static final long TOKENS_EACH = 50;

  private static final long TOKENS_AROUND = 1000;

  private final int maxDescriptors;
  private final JsonMapper json;

  public ManifestReader(int maxDescriptors) {
    this.maxDescriptors = maxDescriptors;
    // A key that occurs twice would let two readers see two different manifests behind one digest.
    // A few bytes of JSON become an object of a hundred: the tokens are limited, not the size only.
    this.json =
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(TOKENS_AROUND + TOKENS_EACH * maxDescriptors)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /**
   * Reads the body of a push.
   *
   * @param contentType of the request, which the body must not contradict
   * @throws OciException MANIFEST_INVALID
   */
  public Manifest read(String contentType, byte[] body) {
    String mediaType = MediaTypes.essence(contentType);
    if (!MediaTypes.isManifest(mediaType)) {
      throw invalid(
          "the media type '"
              + mediaType
              + "' is not a manifest's; push an OCI image manifest or index, or Docker's schema 2");
    }
    JsonNode root = parse(body);
    requireVersion(root);
    optionalText(root, "mediaType")
        .filter(named -> !named.equals(mediaType))
        .ifPresent(
            named -> {
              throw invalid(
                  "Content-Type is '" + mediaType + "', the manifest says '" + named + "'");
            });
    return MediaTypes.isIndex(mediaType) ? index(mediaType, root) : image(mediaType, root);
  }

  /**
   * Reads what another registry stored, which keeps no media type beside it: one that names none is
   * OCI's.
   *
   * @throws OciException MANIFEST_INVALID
   */
  public Manifest read(byte[] stored) {
    JsonNode root = parse(stored);
    requireVersion(root);
    String mediaType =
        MediaTypes.essence(
            optionalText(root, "mediaType")
                .orElse(root.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST));
    if (!MediaTypes.isManifest(mediaType)) {
      throw invalid("its media type '" + mediaType + "' is not a manifest's");
    }
    return MediaTypes.isIndex(mediaType) ? index(mediaType, root) : image(mediaType, root);
  }

  private static void requireVersion(JsonNode root) {
    JsonNode version = root.path("schemaVersion");
    if (!version.isInt() || version.intValue() != 2) {
      throw invalid("schemaVersion must be the number 2");
    }
  }

  private Manifest image(String mediaType, JsonNode root) {
    if (root.has("manifests")) {
      throw invalid("an image manifest has no field manifests; is it an index?");
    }
    Set<Manifest.Link> links = new LinkedHashSet<>();
    Descriptor configuration = descriptor(root.path("config"), "config");
    links.add(new Manifest.Link(Manifest.Kind.CONFIG, configuration.digest()));
    for (JsonNode layer : array(root, "layers")) {
      Descriptor read = descriptor(layer, "layers");
      if (!MediaTypes.isForeign(read.mediaType())) {
        links.add(new Manifest.Link(Manifest.Kind.LAYER, read.digest()));
      }
    }
    String artifactType = optionalText(root, "artifactType").orElse(configuration.mediaType());
    return manifest(mediaType, artifactType, root, links);
  }

  private Manifest index(String mediaType, JsonNode root) {
    if (root.has("layers") || root.has("config")) {
      throw invalid("an index has neither config nor layers; is it an image manifest?");
    }
    Set<Manifest.Link> links = new LinkedHashSet<>();
    for (JsonNode child : array(root, "manifests")) {
      Descriptor read = descriptor(child, "manifests");
      Manifest.Kind kind =
          MediaTypes.isManifest(read.mediaType()) ? Manifest.Kind.MANIFEST : Manifest.Kind.LAYER;
      links.add(new Manifest.Link(kind, read.digest()));
    }
    return manifest(mediaType, optionalText(root, "artifactType").orElse(null), root, links);
  }

  private static Manifest manifest(
      String mediaType, @Nullable String artifactType, JsonNode root, Set<Manifest.Link> links) {
    JsonNode subject = root.path("subject");
    Digest subjectDigest =
        subject.isMissingNode() || subject.isNull()
            ? null
            : descriptor(subject, "subject").digest();
    return new Manifest(
        mediaType,
        artifactType,
        subjectDigest,
        links.stream().toList(),
        annotations(root.path("annotations")));
  }

  private JsonNode parse(byte[] body) {
    try {
      JsonNode root = json.readTree(body);
      if (!root.isObject()) {
        throw invalid("the manifest is not a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw invalid("the manifest is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw invalid("the manifest is not text in UTF-8");
    }
  }

  private JsonNode array(JsonNode root, String field) {
    JsonNode array = root.path(field);
    if (array.isMissingNode() || array.isNull()) {
      return json.createArrayNode();
    }
    if (!array.isArray()) {
      throw invalid(field + " is not a list");
    }
    if (array.size() > maxDescriptors) {
      throw invalid(field + " has more than " + maxDescriptors + " entries");
    }
    return array;
  }

  private static Descriptor descriptor(JsonNode node, String field) {
    String mediaType = optionalText(node, "mediaType").orElse("");
    JsonNode size = node.path("size");
    if (mediaType.isEmpty() || !size.canConvertToExactIntegral() || size.asLong() < 0) {
      throw invalid(field + " needs a descriptor with mediaType, digest and size");
    }
    String digest =
        optionalText(node, "digest")
            .orElseThrow(() -> invalid(field + " has a descriptor without a digest"));
    try {
      return new Descriptor(mediaType, Digest.parse(digest), size.asLong());
    } catch (OciException e) {
      throw invalid(field + " has a descriptor whose digest is malformed: " + e.getMessage());
    }
  }

  private static Map<String, String> annotations(JsonNode node) {
    Map<String, String> read = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw invalid("annotations hold text only");
      }
      read.put(entry.getKey(), entry.getValue().textValue());
    }
    return read;
  }

  private static Optional<String> optionalText(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw invalid(field + " is not text");
    }
    return Optional.of(value.textValue()).filter(text -> !text.isEmpty());
  }

  private static OciException invalid(String message) {
    return new OciException(ErrorCode.MANIFEST_INVALID, message);
  }
}
