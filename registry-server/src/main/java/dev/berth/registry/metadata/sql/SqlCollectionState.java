package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Collection.Summary;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is known of past runs, and what a next one may bring. */
final class SqlCollectionState {
  private static final String ID = "garbage";

  private SqlCollectionState() {}

  static Summary summary(Handle handle) {
    Summary last =
        handle
            .createQuery("select last_run_at, freed_bytes from collections where id = :id")
            .bind("id", ID)
            .map(
                (row, context) -> {
                  long at = row.getLong("last_run_at");
                  return new Summary(
                      row.wasNull() ? null : Instant.ofEpochMilli(at),
                      row.getLong("freed_bytes"),
                      0,
                      0);
                })
            .findOne()
            .orElse(new Summary(null, 0, 0, 0));
    long removed = bytes(handle, ONLY_REMOVED);
    return new Summary(
        last.lastRunAt(), last.freedBytes(), removed, removed + bytes(handle, UNREFERENCED));
  }

  private static long bytes(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Long.class).one();
  }

  private static final String ONLY_REMOVED =
      """
      select coalesce(sum(b.size), 0) from blobs b
       where b.lost_at is null
         and b.digest in (select digest from repository_blobs where removed_at is not null
                          union
                          select digest from manifests where removed_at is not null
                          union
                          select digest from blobs where erase_at is not null)
         and not exists (select 1 from repository_blobs l
                          where l.digest = b.digest and l.removed_at is null)
         and not exists (select 1 from manifests m
                          where m.digest = b.digest and m.removed_at is null)
      """;

  /** Of blobs in one repository alone: for the others it takes more than one to go. */
  private static final String UNREFERENCED =
      """
      select coalesce(sum(b.size), 0) from repository_blobs l
        join blobs b on b.digest = l.digest
       where l.unreferenced_at is not null and b.lost_at is null
         and not exists (select 1 from manifest_references r
                           join manifests m on m.repository = r.repository
                                           and m.digest = r.manifest
                          where r.repository = l.repository and r.target = l.digest
                            and r.kind <> 'MANIFEST' and m.removed_at is null)
         and not exists (select 1 from repository_blobs other
                          where other.digest = l.digest and other.repository <> l.repository
                            and other.removed_at is null)
      """;

  static void ran(Handle handle, Instant at, long freedBytes) {
    handle
        .createUpdate(
            """
            insert into collections (id, last_run_at, freed_bytes) values (:id, :at, :freed)
            on conflict (id) do update set last_run_at = :at, freed_bytes = :freed
            """)
        .bind("id", ID)
        .bind("at", at.toEpochMilli())
        .bind("freed", freedBytes)
        .execute();
  }

  static Optional<String> lastRequest(Handle handle) {
    return handle
        .createQuery("select request from collections where id = :id and request is not null")
        .bind("id", ID)
        .mapTo(String.class)
        .findOne();
  }

  static void carriedOut(Handle handle, String request) {
    handle
        .createUpdate(
            """
            insert into collections (id, request) values (:id, :request)
            on conflict (id) do update set request = :request
            """)
        .bind("id", ID)
        .bind("request", request)
        .execute();
  }
}
