package dev.berth.registry.metadata.sql;

import dev.berth.registry.oci.Digest;
import org.jdbi.v3.core.Handle;

/**
 * Keeps count of bytes in the transactions that change them. Each count is spread over sixteen
 * rows, so that pushes that run at once do not wait for one.
 */
final class SqlUsage {

  private SqlUsage() {}

  /** Counts what a repository holds from now on, or with negative bytes no longer. */
  static void held(Handle handle, String repository, Digest digest, long bytes) {
    handle
        .createUpdate(
            """
            insert into repository_usage (repository, shard, bytes)
            values (:repository, :shard, :bytes)
            on conflict (repository, shard)
              do update set bytes = repository_usage.bytes + excluded.bytes
            """)
        .bind("repository", repository)
        .bind("shard", shard(digest))
        .bind("bytes", bytes)
        .execute();
  }

  /** Counts what is stored from now on, or with negative bytes no longer. */
  static void stored(Handle handle, Digest digest, long bytes) {
    handle
        .createUpdate(
            """
            insert into storage_usage (shard, bytes) values (:shard, :bytes)
            on conflict (shard) do update set bytes = storage_usage.bytes + excluded.bytes
            """)
        .bind("shard", shard(digest))
        .bind("bytes", bytes)
        .execute();
  }

  private static String shard(Digest digest) {
    return digest.hex().substring(0, 1);
  }
}
