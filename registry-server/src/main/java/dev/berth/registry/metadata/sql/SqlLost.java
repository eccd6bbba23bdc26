package dev.berth.registry.metadata.sql;

import dev.berth.registry.oci.Digest;
import org.jdbi.v3.core.Handle;

/** Content that is out of service, in transactions of others. It does not count as stored. */
final class SqlLost {

  private SqlLost() {}

  static boolean isLost(Handle handle, Digest digest) {
    return handle
        .createQuery("select 1 from blobs where digest = :digest and lost_at is not null")
        .bind("digest", digest.toString())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static void lose(Handle handle, Digest digest, long now) {
    boolean changed =
        handle
                .createUpdate(
                    "update blobs set lost_at = :now where digest = :digest and lost_at is null")
                .bind("digest", digest.toString())
                .bind("now", now)
                .execute()
            == 1;
    if (changed) {
      SqlUsage.stored(handle, digest, -SqlBlobs.size(handle, digest));
    }
  }

  /** Its bytes are there, whether or not that was known. */
  static void found(Handle handle, Digest digest, long size) {
    long before = SqlBlobs.size(handle, digest);
    boolean wasLost = isLost(handle, digest);
    handle
        .createUpdate("update blobs set lost_at = null, size = :size where digest = :digest")
        .bind("digest", digest.toString())
        .bind("size", size)
        .execute();
    SqlUsage.stored(handle, digest, wasLost ? size : size - before);
    if (size != before) {
      handle
          .createQuery(
              """
              select repository from repository_blobs where digest = :digest and removed_at is null
              union all
              select repository from manifests where digest = :digest and removed_at is null
              """)
          .bind("digest", digest.toString())
          .mapTo(String.class)
          .list()
          .forEach(repository -> SqlUsage.held(handle, repository, digest, size - before));
    }
  }
}
