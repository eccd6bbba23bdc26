package dev.berth.registry.metadata.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adds up content that only what leaves refers to. Its sizes are asked for many at a time: a
 * question each would be most of the work.
 */
final class FreedBytes {
  private static final int AT_ONCE = 500;

  private final ToLongFunction<List<String>> sizes;
  private final List<String> going = new ArrayList<>(AT_ONCE);
  private @Nullable String blob;
  private boolean stays;
  private long total;

  /**
   * Begins.
   *
   * @param sizes of what nobody else holds of these digests, added up
   */
  FreedBytes(ToLongFunction<List<String>> sizes) {
    this.sizes = sizes;
  }

  /** One reference to a blob; those of one blob follow each other. */
  void reference(String next, boolean leaving) {
    if (!next.equals(blob)) {
      close();
      blob = next;
      stays = false;
    }
    stays |= !leaving;
  }

  /** What nothing else here refers to, once. */
  void goes(String digest) {
    going.add(digest);
    if (going.size() == AT_ONCE) {
      settle();
    }
  }

  private void close() {
    if (blob != null && !stays) {
      goes(blob);
    }
    blob = null;
  }

  private void settle() {
    if (!going.isEmpty()) {
      total += sizes.applyAsLong(going);
      going.clear();
    }
  }

  long total() {
    close();
    settle();
    return total;
  }
}
