package dev.berth.registry.metadata.sql;

import dev.berth.policy.Canary;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.oci.RepositoryName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

final class SqlRepositories {
  private final SqlDatabase database;

  /** Of repositories that are deleted: nothing else changes one. */
  private final Remembered.Writes deletions = new Remembered.Writes();

  private final Remembered<RepositoryName, Repository> found = new Remembered<>(deletions);

  SqlRepositories(SqlDatabase database) {
    this.database = database;
  }

  Optional<Repository> find(RepositoryName name) {
    return found.find(name, name, () -> database.read(handle -> find(handle, name)));
  }

  Repository open(RepositoryName name) {
    return find(name)
        .orElseGet(() -> database.write(handle -> create(handle, name, database.now())));
  }

  static Repository create(Handle handle, RepositoryName name, long now) {
    handle
        .createUpdate(
            """
            insert into repositories (uid, name, incarnation, created_at)
            values (:uid, :name, :uid, :now)
            on conflict (name) do update set deleted_at = null, created_at = :now
              where repositories.deleted_at is not null
            """)
        .bind("uid", UUID.randomUUID().toString())
        .bind("name", name.value())
        .bind("now", now)
        .execute();
    return find(handle, name).orElseThrow();
  }

  static Optional<Repository> find(Handle handle, RepositoryName name) {
    return handle
        .createQuery(
            "select uid, name, incarnation, created_at from repositories"
                + " where name = :name and deleted_at is null")
        .bind("name", name.value())
        .map((row, context) -> read(row))
        .findOne();
  }

  /** The rows of a repository, deleted or not. */
  static Optional<String> key(Handle handle, RepositoryName name) {
    return handle
        .createQuery("select uid from repositories where name = :name")
        .bind("name", name.value())
        .mapTo(String.class)
        .findOne();
  }

  /** A push that began before the repository was deleted makes it anew. */
  static void revive(Handle handle, Repository repository) {
    revive(handle, repository.key());
  }

  static void revive(Handle handle, String key) {
    handle
        .createUpdate(
            "update repositories set deleted_at = null"
                + " where uid = :key and deleted_at is not null")
        .bind("key", key)
        .execute();
  }

  /** What others changed of whether it is there. */
  void changed(RepositoryName name) {
    deletions.written(name);
  }

  /**
   * Removes all that a repository holds. Whoever pushes to it makes another of the same name.
   *
   * @return false where there is none
   */
  boolean delete(RepositoryName name) {
    try {
      return database.write(handle -> delete(handle, name));
    } finally {
      deletions.written(name);
    }
  }

  private boolean delete(Handle handle, RepositoryName name) {
    Optional<Repository> stored = find(handle, name);
    if (stored.isEmpty()) {
      return false;
    }
    // One moment: by it undo knows what went together.
    long now = database.now();
    for (String statement : DELETION) {
      handle
          .createUpdate(statement)
          .bind("key", stored.get().key())
          .bind("now", now)
          .bind("reason", SqlRemovals.REPOSITORY)
          .bind("incarnation", UUID.randomUUID().toString())
          .execute();
    }
    return true;
  }

  private static final List<String> DELETION =
      List.of(
          """
          insert into removed_tags
            (repository, name, digest, pushed_at, pulled_at, removed_at, removed_reason)
          select repository, name, digest, updated_at, pulled_at, :now, :reason from tags
           where repository = :key
          on conflict (repository, name, digest)
            do update set pushed_at = excluded.pushed_at, pulled_at = excluded.pulled_at,
                          removed_at = excluded.removed_at,
                          removed_reason = excluded.removed_reason
          """,
          "delete from tags where repository = :key",
          """
          update manifests set removed_at = :now, removed_reason = :reason, unreferenced_at = null
           where repository = :key and removed_at is null
          """,
          """
          update repository_blobs
             set removed_at = :now, removed_reason = :reason, unreferenced_at = null
           where repository = :key and removed_at is null
          """,
          "delete from repository_usage where repository = :key",
          "delete from uploads where repository = :key",
          """
          update repositories set deleted_at = :now, incarnation = :incarnation where uid = :key
          """);

  static Repository read(ResultSet row) throws SQLException {
    return new Repository(
        new RepositoryName(row.getString("name")),
        row.getString("uid"),
        row.getString("incarnation"),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  /** Reads the index of the names alone, in which the database also looks for the text. */
  List<String> names(String text, String from, boolean itself, int limit) {
    String comparison = itself ? ">=" : ">";
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select name from repositories where deleted_at is null and name "
                        + comparison
                        + " :from"
                        + (text.isEmpty() ? "" : " and name like :pattern escape '!'")
                        + " order by name limit :limit")
                .bind("from", from)
                .bindMap(text.isEmpty() ? Map.of() : Map.of("pattern", holding(text)))
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
  }

  private static String holding(String text) {
    return '%' + text.replaceAll("[!%_]", "!$0") + '%';
  }

  Usage usage() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select (select count(*) from repositories
                             where deleted_at is null and name <> :canary) as repositories,
                           (select count(*) from tags) as tags,
                           (select count(*) from manifests where removed_at is null)
                             - (select count(*) from manifests m
                                  join repositories r on r.uid = m.repository
                                 where r.name = :canary and m.removed_at is null) as manifests,
                           (select coalesce(sum(bytes), 0) from storage_usage) as physical,
                           (select coalesce(sum(bytes), 0) from repository_usage) as logical
                    """)
                .bind("canary", Canary.REPOSITORY)
                .map(
                    (row, context) ->
                        new Usage(
                            row.getLong("repositories"),
                            row.getLong("tags"),
                            row.getLong("manifests"),
                            row.getLong("physical"),
                            row.getLong("logical")))
                .one());
  }
}
