package dev.berth.registry.metadata.sql;

import dev.berth.registry.oci.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Stored content that no row names any more, until its file is gone. */
final class SqlUnnamed {
  private static final String NOBODY_NAMES =
      """
       and not exists (select 1 from repository_blobs l where l.digest = :digest)
       and not exists (select 1 from manifests m where m.digest = :digest)
      """;

  private SqlUnnamed() {}

  /** Content that no row came to name. */
  static void note(Handle handle, Digest digest, long size, long now) {
    boolean isNew =
        handle
                .createUpdate(
                    """
                    insert into blobs (digest, size, created_at, erase_at)
                    values (:digest, :size, :now, :now) on conflict (digest) do nothing
                    """)
                .bind("digest", digest.toString())
                .bind("size", size)
                .bind("now", now)
                .execute()
            == 1;
    if (isNew) {
      SqlUsage.stored(handle, digest, size);
    }
  }

  /** Content that a row named until now. */
  static void noteIfUnnamed(Handle handle, Digest digest, long now) {
    handle
        .createUpdate(
            "update blobs set erase_at = :now where digest = :digest and erase_at is null"
                + NOBODY_NAMES)
        .bind("now", now)
        .bind("digest", digest.toString())
        .execute();
  }

  static List<Digest> list(Handle handle, int limit) {
    return handle
        .createQuery(
            "select digest from blobs where erase_at is not null order by erase_at limit :limit")
        .bind("limit", limit)
        .map((row, context) -> Digest.parse(row.getString(1)))
        .list();
  }

  static Map<Digest, Long> beginErasing(Handle handle, List<Digest> digests) {
    Map<Digest, Long> erasing = new HashMap<>();
    for (Digest digest : digests) {
      boolean unnamed =
          handle
                  .createUpdate(
                      "update blobs set erasing = 1"
                          + " where digest = :digest and erase_at is not null"
                          + NOBODY_NAMES)
                  .bind("digest", digest.toString())
                  .execute()
              == 1;
      if (unnamed) {
        erasing.put(digest, SqlBlobs.size(handle, digest));
      } else {
        handle
            .createUpdate("update blobs set erase_at = null, erasing = 0 where digest = :digest")
            .bind("digest", digest.toString())
            .execute();
      }
    }
    return erasing;
  }

  static void erased(Handle handle, Collection<Digest> digests) {
    for (Digest digest : digests) {
      long size = SqlLost.isLost(handle, digest) ? 0 : SqlBlobs.size(handle, digest);
      handle
          .createUpdate("delete from blobs where digest = :digest and erasing = 1")
          .bind("digest", digest.toString())
          .execute();
      SqlUsage.stored(handle, digest, -size);
    }
  }

  static boolean knows(Handle handle, Digest digest) {
    return handle
        .createQuery("select 1 from blobs where digest = :digest")
        .bind("digest", digest.toString())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
