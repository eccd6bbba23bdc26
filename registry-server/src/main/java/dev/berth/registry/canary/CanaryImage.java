package dev.berth.registry.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.oci.Descriptor;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An image whose only file is a program that ends at once with 0, for every kind of node that a
 * registry server runs on. Its layers are not compressed, so that no version of a compressor
 * changes its digest.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/spec.md">OCI image
 *     specification</a>
 */
final class CanaryImage {
  private static final String CONFIGURATION = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  private static final String PROGRAM = "berth-canary";

  private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  private final Map<Digest, Manifest> manifests = new LinkedHashMap<>();
  private final Digest digest;

  /** As it is stored. */
  record Manifest(String mediaType, String json) {}

  CanaryImage() {
    String images =
        Stream.of(SmallestProgram.values())
            .map(program -> json(image(program), platform(program)))
            .collect(Collectors.joining(","));
    digest =
        manifest(
                MediaTypes.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                    .formatted(MediaTypes.OCI_INDEX, images))
            .digest();
  }

  /** Of the index. */
  Digest digest() {
    return digest;
  }

  Map<Digest, byte[]> blobs() {
    return blobs;
  }

  /** Each after those that it lists. */
  Map<Digest, Manifest> manifests() {
    return manifests;
  }

  private Descriptor image(SmallestProgram program) {
    Descriptor layer = blob(LAYER, Tar.of(PROGRAM, program.bytes()));
    Descriptor configuration =
        blob(
            CONFIGURATION,
            """
            {"architecture":"%s","os":"linux",\
            "config":{"User":"65532:65532","Entrypoint":["/%s"]},\
            "rootfs":{"type":"layers","diff_ids":["%s"]}}"""
                .formatted(program.architecture(), PROGRAM, layer.digest())
                .getBytes(UTF_8));
    return manifest(
        MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(MediaTypes.OCI_MANIFEST, json(configuration, ""), json(layer, "")));
  }

  private static String platform(SmallestProgram program) {
    return ",\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"}"
        .formatted(program.architecture());
  }

  private static String json(Descriptor descriptor, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size(), more);
  }

  private Descriptor blob(String mediaType, byte[] content) {
    Descriptor descriptor = describe(mediaType, content);
    blobs.put(descriptor.digest(), content);
    return descriptor;
  }

  private Descriptor manifest(String mediaType, String json) {
    Descriptor descriptor = describe(mediaType, json.getBytes(UTF_8));
    manifests.put(descriptor.digest(), new Manifest(mediaType, json));
    return descriptor;
  }

  private static Descriptor describe(String mediaType, byte[] content) {
    return new Descriptor(mediaType, Digest.of(DigestAlgorithm.SHA256, content), content.length);
  }
}
