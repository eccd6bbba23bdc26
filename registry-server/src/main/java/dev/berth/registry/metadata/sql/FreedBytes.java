package dev.berth.registry.metadata.sql;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Adds up blobs that only what leaves refers to; the references of one blob follow each other. */
final class FreedBytes {
  private final Predicate<String> goes;
  private @Nullable String blob;
  private long size;
  private boolean stays;
  private long total;

  /**
   * Begins.
   *
   * @param goes asked of a blob that nothing else here refers to
   */
  FreedBytes(Predicate<String> goes) {
    this.goes = goes;
  }

  void add(String next, boolean leaving, long bytes) {
    if (!next.equals(blob)) {
      close();
      blob = next;
      size = bytes;
      stays = false;
    }
    stays |= !leaving;
  }

  void add(long bytes) {
    total += bytes;
  }

  private void close() {
    if (blob != null && !stays && goes.test(blob)) {
      total += size;
    }
    blob = null;
  }

  long total() {
    close();
    return total;
  }
}
