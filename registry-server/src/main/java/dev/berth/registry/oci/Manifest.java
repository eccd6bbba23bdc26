package dev.berth.registry.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a registry must know of a manifest; its bytes are kept as they came.
 *
 * @param artifactType of the manifest itself, else of its config; null where neither names one
 * @param subject the manifest this one refers to
 * @param references what must be stored before, and is kept while this is
 */
public record Manifest(
    String mediaType,
    @Nullable String artifactType,
    @Nullable Digest subject,
    List<Link> references,
    Map<String, String> annotations) {

  public Manifest {
    references = List.copyOf(references);
    annotations = Map.copyOf(annotations);
  }

  /** One thing that a manifest refers to. */
  public record Link(Kind kind, Digest digest) {}

  /** What a manifest may refer to. */
  public enum Kind {
    CONFIG,
    LAYER,
    MANIFEST
  }
}
