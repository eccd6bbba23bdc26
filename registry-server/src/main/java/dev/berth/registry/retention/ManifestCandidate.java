package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that perhaps goes, or that others hang on.
 *
 * @param pulledAt when somebody last asked for it by whatever name; null: nobody did
 * @param unreferencedAt when it last lost a reference; null: it did not
 * @param children what it lists as an index, whether that is there or not
 * @param subject what it refers to as a signature does, whether that is there or not
 */
public record ManifestCandidate(
    Digest digest,
    Instant pushedAt,
    @Nullable Instant pulledAt,
    @Nullable Instant unreferencedAt,
    List<Digest> children,
    @Nullable Digest subject) {

  public ManifestCandidate {
    children = List.copyOf(children);
  }

  /** The same as an index that lists these. */
  public ManifestCandidate withChildren(List<Digest> listed) {
    return new ManifestCandidate(digest, pushedAt, pulledAt, unreferencedAt, listed, subject);
  }
}
