package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Removed;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

final class SqlRemoved implements Removed {
  private final SqlDatabase database;
  private final SqlRepositories repositories;
  private final SqlManifests manifests;

  SqlRemoved(SqlDatabase database, SqlRepositories repositories, SqlManifests manifests) {
    this.database = database;
    this.repositories = repositories;
    this.manifests = manifests;
  }

  /** An id is sortable and says which row it is of: kind, repository, reference, digest. */
  private static final String ENTRIES =
      """
      select e.*, r.name as repository_name, coalesce(b.size, 0) as size,
             r.name || ' ' || e.kind || ' ' || e.reference || ' ' || e.digest as id
        from (select repository, 'TAG' as kind, name as reference, digest, removed_at,
                     removed_reason from removed_tags
              union all
              select repository, 'MANIFEST', digest, digest, removed_at, removed_reason
                from manifests where removed_at is not null
              union all
              select repository, 'BLOB', digest, digest, removed_at, removed_reason
                from repository_blobs where removed_at is not null) e
        join repositories r on r.uid = e.repository
        left join blobs b on b.digest = e.digest
      """;

  @Override
  public List<Entry> list(@Nullable RepositoryName repository, String after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select * from ("
                        + ENTRIES
                        + ") entries where id > :after"
                        + (repository == null ? "" : " and repository_name = :repository")
                        + " order by id limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .bindMap(repository == null ? Map.of() : Map.of("repository", repository.value()))
                .map((row, context) -> entry(row))
                .list());
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getString("id"),
        new RepositoryName(row.getString("repository_name")),
        Kind.valueOf(row.getString("kind")),
        row.getString("reference"),
        Digest.parse(row.getString("digest")),
        row.getLong("size"),
        Instant.ofEpochMilli(row.getLong("removed_at")),
        row.getString("removed_reason"));
  }

  @Override
  public Restored restore(RepositoryName name, @Nullable Reference reference) {
    try {
      return database.write(
          handle -> {
            Optional<String> key = SqlRepositories.key(handle, name);
            if (key.isEmpty()) {
              return new Nothing();
            }
            Restored restored =
                switch (reference) {
                  case null -> restoreAll(handle, key.get());
                  case Tag tag -> restore(handle, key.get(), tag);
                  case Digest digest -> restore(handle, key.get(), digest);
                };
            if (restored instanceof Back) {
              SqlRepositories.revive(handle, key.get());
            }
            return restored;
          });
    } finally {
      manifests.changed(name);
      repositories.changed(name);
    }
  }

  /** Whatever went in the moment in which the repository was deleted last, and nothing else. */
  private Restored restoreAll(Handle handle, String repository) {
    Optional<Long> deletedAt =
        handle
            .createQuery(
                """
                select removed_at from manifests
                 where repository = :repository and removed_reason = :reason
                union all
                select removed_at from repository_blobs
                 where repository = :repository and removed_reason = :reason
                 order by removed_at desc limit 1
                """)
            .bind("repository", repository)
            .bind("reason", SqlRemovals.REPOSITORY)
            .mapTo(Long.class)
            .findOne();
    if (deletedAt.isEmpty()) {
      return new Nothing();
    }
    List<String> back = new ArrayList<>();
    // What somebody deleted before, an image's layer for instance, does not come with the image.
    for (String digest : gone(handle, "manifests", repository, deletedAt.get())) {
      SqlRemovals.restoreManifest(handle, repository, Digest.parse(digest), false, database.now());
      back.add(digest);
    }
    for (String digest : gone(handle, "repository_blobs", repository, deletedAt.get())) {
      SqlRemovals.restoreLink(handle, repository, Digest.parse(digest), false, database.now());
    }
    for (GoneTag tag : goneTags(handle, repository, deletedAt.get())) {
      if (putBack(handle, repository, tag.name(), tag.digest())) {
        back.add(tag.name());
      }
    }
    return new Back(back);
  }

  private static List<String> gone(Handle handle, String table, String repository, long deletedAt) {
    return handle
        .createQuery(
            "select digest from "
                + table
                + " where repository = :repository and removed_reason = :reason"
                + " and removed_at = :at order by digest")
        .bind("repository", repository)
        .bind("reason", SqlRemovals.REPOSITORY)
        .bind("at", deletedAt)
        .mapTo(String.class)
        .list();
  }

  private record GoneTag(String name, Digest digest) {}

  private static List<GoneTag> goneTags(Handle handle, String repository, long deletedAt) {
    return handle
        .createQuery(
            "select name, digest from removed_tags where repository = :repository"
                + " and removed_reason = :reason and removed_at = :at order by name")
        .bind("repository", repository)
        .bind("reason", SqlRemovals.REPOSITORY)
        .bind("at", deletedAt)
        .map((row, context) -> new GoneTag(row.getString(1), Digest.parse(row.getString(2))))
        .list();
  }

  private Restored restore(Handle handle, String repository, Tag tag) {
    Optional<Digest> was =
        handle
            .createQuery(
                "select digest from removed_tags where repository = :repository and name = :name"
                    + " order by removed_at desc limit 1")
            .bind("repository", repository)
            .bind("name", tag.value())
            .map((row, context) -> Digest.parse(row.getString(1)))
            .findOne();
    if (was.isEmpty()) {
      return new Nothing();
    }
    Optional<Digest> is = named(handle, repository, tag);
    if (is.isPresent()) {
      return new Taken(is.get());
    }
    SqlRemovals.restoreManifest(handle, repository, was.get(), true, database.now());
    return putBack(handle, repository, tag.value(), was.get())
        ? new Back(List.of(tag.value()))
        : new Nothing();
  }

  private static Optional<Digest> named(Handle handle, String repository, Tag tag) {
    return handle
        .createQuery("select digest from tags where repository = :repository and name = :name")
        .bind("repository", repository)
        .bind("name", tag.value())
        .map((row, context) -> Digest.parse(row.getString(1)))
        .findOne();
  }

  private Restored restore(Handle handle, String repository, Digest digest) {
    boolean manifest =
        SqlRemovals.restoreManifest(handle, repository, digest, true, database.now());
    boolean blob = SqlRemovals.restoreLink(handle, repository, digest, true, database.now());
    if (!manifest && !blob) {
      return new Nothing();
    }
    List<String> back = new ArrayList<>(List.of(digest.toString()));
    if (manifest) {
      back.addAll(tagsOf(handle, repository, digest));
    }
    return new Back(back);
  }

  /** Those that name nothing else by now. */
  private List<String> tagsOf(Handle handle, String repository, Digest digest) {
    return handle
        .createQuery(
            "select name from removed_tags where repository = :repository and digest = :digest"
                + " order by name")
        .bind("repository", repository)
        .bind("digest", digest.toString())
        .mapTo(String.class)
        .list()
        .stream()
        .filter(tag -> putBack(handle, repository, tag, digest))
        .toList();
  }

  private boolean putBack(Handle handle, String repository, String tag, Digest digest) {
    boolean back =
        handle
                .createUpdate(
                    """
                    insert into tags (repository, name, digest, updated_at, pulled_at)
                    select t.repository, t.name, t.digest, t.pushed_at, t.pulled_at
                      from removed_tags t
                      join manifests m on m.repository = t.repository and m.digest = t.digest
                                      and m.removed_at is null
                     where t.repository = :repository and t.name = :name and t.digest = :digest
                    on conflict (repository, name) do nothing
                    """)
                .bind("repository", repository)
                .bind("name", tag)
                .bind("digest", digest.toString())
                .execute()
            == 1;
    if (back) {
      handle
          .createUpdate(
              "delete from removed_tags"
                  + " where repository = :repository and name = :name and digest = :digest")
          .bind("repository", repository)
          .bind("name", tag)
          .bind("digest", digest.toString())
          .execute();
    }
    return back;
  }
}
