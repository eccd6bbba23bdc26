package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Collection.Pull;
import dev.berth.registry.oci.Tag;
import org.jdbi.v3.core.Handle;

/** When manifests and tags were last asked for, to the minute. */
final class SqlPullTimes {
  /** A pull that follows another one this closely is not written, in milliseconds. */
  private static final long APART = 60_000;

  private SqlPullTimes() {}

  static void note(Handle handle, Pull pull, long at) {
    String where =
        """
         repository = (select uid from repositories where name = :repository)
          and digest = :digest and (pulled_at is null or pulled_at < :before)
        """;
    handle
        .createUpdate("update manifests set pulled_at = :at where" + where)
        .bind("at", at)
        .bind("before", at - APART)
        .bind("repository", pull.repository().value())
        .bind("digest", pull.digest().toString())
        .execute();
    if (pull.reference() instanceof Tag tag) {
      handle
          .createUpdate("update tags set pulled_at = :at where name = :tag and" + where)
          .bind("at", at)
          .bind("before", at - APART)
          .bind("repository", pull.repository().value())
          .bind("digest", pull.digest().toString())
          .bind("tag", tag.value())
          .execute();
    }
  }
}
