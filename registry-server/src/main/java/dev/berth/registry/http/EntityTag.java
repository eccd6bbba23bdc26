package dev.berth.registry.http;

import dev.berth.registry.oci.Digest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The validator of content that is named by its digest: the digest itself. */
record EntityTag(String value) {

  static EntityTag of(Digest digest) {
    return new EntityTag('"' + digest.toString() + '"');
  }

  /** Whether an If-None-Match header, compared weakly, names this tag. */
  boolean isIn(@Nullable String header) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(String::strip)
            .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(tag -> tag.equals("*") || tag.equals(value));
  }
}
