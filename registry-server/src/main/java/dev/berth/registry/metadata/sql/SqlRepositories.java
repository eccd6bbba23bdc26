package dev.berth.registry.metadata.sql;

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

  /** Good for ever: a repository is never taken away, nor its uid changed. */
  private final Remembered<RepositoryName, Repository> found =
      new Remembered<>(new Remembered.Writes());

  SqlRepositories(SqlDatabase database) {
    this.database = database;
  }

  Optional<Repository> find(RepositoryName name) {
    return found.find(name, name, () -> database.read(handle -> find(handle, name)));
  }

  Repository open(RepositoryName name) {
    return find(name).orElseGet(() -> database.write(handle -> create(handle, name)));
  }

  private Repository create(Handle handle, RepositoryName name) {
    handle
        .createUpdate(
            "insert into repositories (uid, name, created_at) values (:uid, :name, :now)"
                + " on conflict (name) do nothing")
        .bind("uid", UUID.randomUUID().toString())
        .bind("name", name.value())
        .bind("now", database.now())
        .execute();
    return find(handle, name).orElseThrow();
  }

  static Optional<Repository> find(Handle handle, RepositoryName name) {
    return handle
        .createQuery("select uid, name, created_at from repositories where name = :name")
        .bind("name", name.value())
        .map((row, context) -> read(row))
        .findOne();
  }

  static Repository read(ResultSet row) throws SQLException {
    return new Repository(
        new RepositoryName(row.getString("name")),
        row.getString("uid"),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  /** Reads the index of the names alone, in which the database also looks for the text. */
  List<String> names(String text, String from, boolean itself, int limit) {
    String comparison = itself ? ">=" : ">";
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select name from repositories where name "
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
                    select (select count(*) from repositories) as repositories,
                           (select count(*) from tags) as tags,
                           (select count(*) from manifests) as manifests,
                           (select coalesce(sum(size), 0) from blobs) as physical,
                           (select coalesce(sum(b.size), 0)
                              from repository_blobs l join blobs b on b.digest = l.digest)
                         + (select coalesce(sum(b.size), 0)
                              from manifests m join blobs b on b.digest = m.digest) as logical
                    """)
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
