package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was removed and is not forgotten yet. */
public interface Removed {

  /**
   * In the order of their ids.
   *
   * @param repository null: of all
   * @param after the id before the first one wanted; empty: from the first on
   */
  List<Entry> list(@Nullable RepositoryName repository, String after, int limit);

  /**
   * Brings back a tag with its manifest, a manifest with the tags that went with it, or a blob; and
   * with a manifest what it refers to.
   *
   * @param reference null: all that went with the repository when it was deleted
   */
  Restored restore(RepositoryName repository, @Nullable Reference reference);

  /** What is removed. */
  enum Kind {
    TAG,
    MANIFEST,
    BLOB
  }

  /**
   * One that can be restored.
   *
   * @param reference the tag, else the digest
   * @param bytes of the content alone
   */
  record Entry(
      String id,
      RepositoryName repository,
      Kind kind,
      String reference,
      Digest digest,
      long bytes,
      Instant removedAt,
      String reason) {}

  /** What came of it. */
  sealed interface Restored {}

  /** References that are there again. */
  record Back(List<String> references) implements Restored {}

  /** Nothing of that name was removed lately. */
  record Nothing() implements Restored {}

  /** The tag names something else now. */
  record Taken(Digest by) implements Restored {}
}
