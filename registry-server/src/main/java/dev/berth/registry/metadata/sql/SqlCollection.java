package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Collection;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

final class SqlCollection implements Collection {
  private final SqlDatabase database;
  private final SqlManifests manifests;

  SqlCollection(SqlDatabase database, SqlManifests manifests) {
    this.database = database;
    this.manifests = manifests;
  }

  private record Candidate(
      String repository, String name, Digest digest, @Nullable String subject, long pulledAt) {
    Gone gone() {
      return new Gone(new RepositoryName(name), digest);
    }
  }

  @Override
  public Looked lookAtManifests(Instant since, Predicate<Digest> running, int limit) {
    Set<String> changed = new HashSet<>();
    try {
      return database.write(
          handle -> {
            List<Candidate> due = dueManifests(handle, since, limit);
            List<Gone> removed = new ArrayList<>();
            for (Candidate candidate : due) {
              if (look(handle, candidate, since, running)) {
                changed.add(candidate.name);
                removed.add(candidate.gone());
              }
            }
            return new Looked(due.size(), removed);
          });
    } finally {
      changed.forEach(name -> manifests.changed(new RepositoryName(name)));
    }
  }

  private static List<Candidate> dueManifests(Handle handle, Instant since, int limit) {
    return handle
        .createQuery(
            """
            select m.repository, r.name, m.digest, m.subject, m.pulled_at
              from manifests m join repositories r on r.uid = m.repository
             where m.unreferenced_at is not null and m.unreferenced_at <= :since
             order by m.unreferenced_at limit :limit
            """)
        .bind("since", since.toEpochMilli())
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Candidate(
                    row.getString("repository"),
                    row.getString("name"),
                    Digest.parse(row.getString("digest")),
                    row.getString("subject"),
                    row.getLong("pulled_at")))
        .list();
  }

  /** Whether it is removed now. */
  private boolean look(
      Handle handle, Candidate candidate, Instant since, Predicate<Digest> running) {
    if (isReferredTo(handle, candidate)) {
      note(handle, candidate, null);
      return false;
    }
    if (runs(handle, candidate.repository, candidate.digest, running)) {
      // Nothing tells when it does not run any more.
      note(handle, candidate, database.now());
      return false;
    }
    if (candidate.pulledAt > since.toEpochMilli()) {
      note(handle, candidate, candidate.pulledAt);
      return false;
    }
    return SqlRemovals.removeManifest(
        handle, candidate.repository, candidate.digest, SqlRemovals.UNREFERENCED, database.now());
  }

  private static boolean isReferredTo(Handle handle, Candidate candidate) {
    return handle
        .createQuery(
            """
            select 1 from tags where repository = :repository and digest = :digest
            union all
            select 1 from manifest_references r
              join manifests m on m.repository = r.repository and m.digest = r.manifest
             where r.repository = :repository and r.target = :digest and r.kind = 'MANIFEST'
               and m.removed_at is null
            union all
            select 1 from manifests
             where repository = :repository and digest = :subject and removed_at is null
            limit 1
            """)
        .bind("repository", candidate.repository)
        .bind("digest", candidate.digest.toString())
        .bind("subject", Objects.requireNonNullElse(candidate.subject, ""))
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /**
   * Itself, or something that it lists as an index; or the configuration of one of these, which is
   * all that a container runtime says of an image that has no name there any more.
   */
  static boolean runs(Handle handle, String repository, Digest digest, Predicate<Digest> running) {
    return running.test(digest)
        || handle
            .createQuery(
                """
                with recursive below (digest) as (
                  select target from manifest_references
                   where repository = :repository and manifest = :digest
                     and kind in ('MANIFEST', 'CONFIG')
                  union
                  select r.target from below b
                    join manifest_references r
                      on r.repository = :repository and r.manifest = b.digest
                     and r.kind in ('MANIFEST', 'CONFIG')
                )
                select digest from below
                """)
            .bind("repository", repository)
            .bind("digest", digest.toString())
            .mapTo(String.class)
            .stream()
            .anyMatch(below -> running.test(Digest.parse(below)));
  }

  private static void note(Handle handle, Candidate candidate, @Nullable Long at) {
    handle
        .createUpdate(
            "update manifests set unreferenced_at = :at"
                + " where repository = :repository and digest = :digest")
        .bind("at", at)
        .bind("repository", candidate.repository)
        .bind("digest", candidate.digest.toString())
        .execute();
  }

  private record Link(String repository, Digest digest) {}

  @Override
  public Looked lookAtBlobs(Instant since, int limit) {
    return database.write(
        handle -> {
          List<Candidate> due = dueBlobs(handle, since, limit);
          List<Gone> removed = new ArrayList<>();
          for (Candidate candidate : due) {
            Link link = new Link(candidate.repository, candidate.digest);
            if (isReferredTo(handle, link)) {
              letGo(handle, link);
            } else if (SqlRemovals.removeLink(
                handle, link.repository, link.digest, SqlRemovals.UNREFERENCED, database.now())) {
              removed.add(candidate.gone());
            }
          }
          return new Looked(due.size(), removed);
        });
  }

  private static List<Candidate> dueBlobs(Handle handle, Instant since, int limit) {
    return handle
        .createQuery(
            """
            select l.repository, r.name, l.digest
              from repository_blobs l join repositories r on r.uid = l.repository
             where l.unreferenced_at is not null and l.unreferenced_at <= :since
             order by l.unreferenced_at limit :limit
            """)
        .bind("since", since.toEpochMilli())
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Candidate(
                    row.getString(1), row.getString(2), Digest.parse(row.getString(3)), null, 0))
        .list();
  }

  private static boolean isReferredTo(Handle handle, Link link) {
    return handle
        .createQuery(
            """
            select 1 from manifest_references r
              join manifests m on m.repository = r.repository and m.digest = r.manifest
             where r.repository = :repository and r.target = :digest and r.kind <> 'MANIFEST'
               and m.removed_at is null limit 1
            """)
        .bind("repository", link.repository)
        .bind("digest", link.digest.toString())
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  private static void letGo(Handle handle, Link link) {
    handle
        .createUpdate(
            "update repository_blobs set unreferenced_at = null"
                + " where repository = :repository and digest = :digest")
        .bind("repository", link.repository)
        .bind("digest", link.digest.toString())
        .execute();
  }

  @Override
  public Forgotten forget(Instant removedBefore, Predicate<Digest> running, int limit) {
    Forgotten step =
        database.write(
            handle ->
                new SqlForgetting(handle, removedBefore, limit, database.now()).step(running));
    step.back().forEach(gone -> manifests.changed(gone.repository()));
    return step;
  }

  @Override
  public void noteUnnamed(Digest digest, long size) {
    database.change(handle -> SqlUnnamed.note(handle, digest, size, database.now()));
  }

  @Override
  public List<Digest> unnamed(int limit) {
    return database.read(handle -> SqlUnnamed.list(handle, limit));
  }

  @Override
  public Map<Digest, Long> beginErasing(List<Digest> digests) {
    return database.write(handle -> SqlUnnamed.beginErasing(handle, digests));
  }

  @Override
  public void erased(java.util.Collection<Digest> digests) {
    database.change(handle -> SqlUnnamed.erased(handle, digests));
  }

  @Override
  public boolean knows(Digest digest) {
    return database.read(handle -> SqlUnnamed.knows(handle, digest));
  }

  @Override
  public void pulled(Map<Pull, Instant> pulls) {
    database.writeUnflushed(
        handle -> {
          pulls.forEach((pull, at) -> SqlPullTimes.note(handle, pull, at.toEpochMilli()));
          return null;
        });
  }

  @Override
  public Summary summary() {
    return database.read(SqlCollectionState::summary);
  }

  @Override
  public void ran(Instant at, long freedBytes) {
    database.change(handle -> SqlCollectionState.ran(handle, at, freedBytes));
  }

  @Override
  public Optional<String> lastRequest() {
    return database.read(SqlCollectionState::lastRequest);
  }

  @Override
  public void carriedOut(String request) {
    database.change(handle -> SqlCollectionState.carriedOut(handle, request));
  }
}
