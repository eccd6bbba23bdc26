package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tag that goes, or a manifest that has none.
 *
 * @param tag null: it is the manifest
 * @param digest of the manifest, or of what the tag names
 * @param pushedAt of the tag, else of the manifest
 * @param rule where it stands in the spec, such as {@code expire[0]}
 * @param reason such as {@code pushed 9d ago}
 */
public record Victim(
    @Nullable String tag, Digest digest, Instant pushedAt, String rule, String reason) {

  /** By what it is asked for. */
  public String reference() {
    return tag == null ? digest.toString() : tag;
  }
}
