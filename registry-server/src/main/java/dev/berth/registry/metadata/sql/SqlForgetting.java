package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Collection.Forgotten;
import dev.berth.registry.metadata.Collection.Gone;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** Takes away the rows of what was removed before, in one transaction. */
final class SqlForgetting {
  private final Handle handle;
  private final Instant removedBefore;
  private final int limit;
  private final long now;

  SqlForgetting(Handle handle, Instant removedBefore, int limit, long now) {
    this.handle = handle;
    this.removedBefore = removedBefore;
    this.limit = limit;
    this.now = now;
  }

  Forgotten step(Predicate<Digest> running) {
    List<Gone> back = new ArrayList<>();
    int tags = forgetTags();
    int manifests = forgetManifests(running, back);
    // Blobs of those that are yet to be looked at may have to come back with them.
    int blobs = manifests < limit ? forgetBlobs() : 0;
    return new Forgotten(tags + manifests + blobs + forgetRepositories(), back);
  }

  private int forgetTags() {
    return handle
        .createUpdate(
            """
            delete from removed_tags where (repository, name, digest) in (
              select repository, name, digest from removed_tags
               where removed_at <= :before order by removed_at limit :limit)
            """)
        .bind("before", removedBefore.toEpochMilli())
        .bind("limit", limit)
        .execute();
  }

  /**
   * A row that is due.
   *
   * @param byItself it went as garbage or by a rule, from a repository that nobody deleted since
   */
  private record Due(String repository, String name, Digest digest, boolean byItself) {}

  private List<Due> due(String table) {
    return handle
        .createQuery(
            """
            select d.repository, r.name, d.digest,
                   d.removed_reason not in (<deleted>) and r.deleted_at is null
              from %s d join repositories r on r.uid = d.repository
             where d.removed_at is not null and d.removed_at <= :before
             order by d.removed_at limit :limit
            """
                .formatted(table))
        .bindList("deleted", SqlRemovals.DELETED, SqlRemovals.REPOSITORY)
        .bind("before", removedBefore.toEpochMilli())
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Due(
                    row.getString(1),
                    row.getString(2),
                    Digest.parse(row.getString(3)),
                    row.getBoolean(4)))
        .list();
  }

  private int forgetManifests(Predicate<Digest> running, List<Gone> back) {
    List<Due> due = due("manifests");
    for (Due one : due) {
      if (one.byItself
          && SqlCollection.runs(handle, one.repository, one.digest, running)
          && SqlRemovals.restoreManifest(handle, one.repository, one.digest, false, now)) {
        back.add(new Gone(new RepositoryName(one.name), one.digest));
      } else {
        forget("manifests", one);
      }
    }
    return due.size();
  }

  private int forgetBlobs() {
    List<Due> due = due("repository_blobs");
    due.forEach(one -> forget("repository_blobs", one));
    return due.size();
  }

  /** But for what came back meanwhile, with what lists it. */
  private void forget(String table, Due one) {
    handle
        .createUpdate(
            "delete from "
                + table
                + " where repository = :repository and digest = :digest"
                + " and removed_at is not null")
        .bind("repository", one.repository)
        .bind("digest", one.digest.toString())
        .execute();
    SqlUnnamed.noteIfUnnamed(handle, one.digest, now);
  }

  private int forgetRepositories() {
    return handle
        .createUpdate(
            """
            delete from repositories where uid in (
              select r.uid from repositories r where r.deleted_at <= :before
                 and not exists (select 1 from manifests m where m.repository = r.uid)
                 and not exists (select 1 from repository_blobs l where l.repository = r.uid)
                 and not exists (select 1 from uploads u where u.repository = r.uid)
               limit :limit)
            """)
        .bind("before", removedBefore.toEpochMilli())
        .bind("limit", limit)
        .execute();
  }
}
