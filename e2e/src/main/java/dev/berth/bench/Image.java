package dev.berth.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What is pushed for one image; the manifest refers to all of the blobs. */
record Image(List<Blob> layers, Blob config, Blob manifest) {

  /** Media type of the manifests. */
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  /** An image that is like no other. */
  static Image random(RandomGenerator random, int layers, int layerBytes) {
    List<Blob> content = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      content.add(Blob.random(random, layerBytes));
    }
    Blob config =
        Blob.of(
            """
            {"architecture":"amd64","os":"linux","config":{"Labels":{"number":"%d"}}}"""
                .formatted(random.nextLong()));
    return new Image(List.copyOf(content), config, manifest(config, content));
  }

  private static Blob manifest(Blob config, List<Blob> layers) {
    return Blob.of(
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}"""
            .formatted(
                MANIFEST_TYPE,
                descriptor(CONFIG_TYPE, config),
                layers.stream()
                    .map(layer -> descriptor(LAYER_TYPE, layer))
                    .collect(Collectors.joining(","))));
  }

  private static String descriptor(String type, Blob blob) {
    return """
        {"mediaType":"%s","digest":"%s","size":%d}"""
        .formatted(type, blob.digest(), blob.size());
  }
}
