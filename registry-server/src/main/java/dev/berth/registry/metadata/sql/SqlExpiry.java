package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

final class SqlExpiry implements Expiry {
  private final SqlDatabase database;
  private final SqlManifests manifests;

  SqlExpiry(SqlDatabase database, SqlManifests manifests) {
    this.database = database;
    this.manifests = manifests;
  }

  private static final String TAGS =
      "select name, digest, updated_at, pulled_at from tags where repository = :repository";

  private static final String MANIFESTS =
      """
      select digest, pushed_at, pulled_at, unreferenced_at, subject from manifests
       where repository = :repository and removed_at is null
      """;

  private static final String CHILDREN =
      """
      select r.manifest, r.target from manifest_references r
        join manifests m on m.repository = r.repository and m.digest = r.manifest
       where r.repository = :repository and r.kind = 'MANIFEST' and m.removed_at is null
      """;

  @Override
  public void read(RepositoryName name, Reader reader) {
    database.read(
        handle -> {
          SqlRepositories.key(handle, name).ifPresent(key -> read(handle, key, reader));
          return "";
        });
  }

  private static void read(Handle handle, String key, Reader reader) {
    each(
        handle.createQuery(TAGS).bind("repository", key),
        row ->
            reader.tag(
                row.getString("name"),
                Digest.parse(row.getString("digest")),
                Instant.ofEpochMilli(row.getLong("updated_at")),
                instant(row, "pulled_at")));
    each(
        handle.createQuery(MANIFESTS).bind("repository", key),
        row -> {
          String subject = row.getString("subject");
          reader.manifest(
              Digest.parse(row.getString("digest")),
              Instant.ofEpochMilli(row.getLong("pushed_at")),
              instant(row, "pulled_at"),
              instant(row, "unreferenced_at"),
              subject == null ? null : Digest.parse(subject));
        });
    each(
        handle.createQuery(CHILDREN).bind("repository", key),
        row -> reader.child(Digest.parse(row.getString(1)), Digest.parse(row.getString(2))));
  }

  /** Takes one row of many. */
  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private static void each(Query query, Row taker) {
    query
        .map(
            (row, context) -> {
              taker.take(row);
              return true;
            })
        .forEach(any -> {});
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long at = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(at);
  }

  static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }

  /**
   * Blobs in the order of their digests, so that no more than one of them is remembered. The index
   * has all that is asked for: nothing is looked up for each of a million rows.
   */
  private static final String REFERENCES =
      """
      select target, manifest from manifest_references
       where repository = :repository and kind <> 'MANIFEST'
       order by target
      """;

  private static final String PRESENT =
      "select digest from manifests where repository = :repository and removed_at is null";

  private static final String REMOVED =
      "select digest from manifests where repository = :repository and removed_at is not null";

  @Override
  public long freedBytes(RepositoryName name, Predicate<Digest> leaving) {
    return database.read(
        handle ->
            SqlRepositories.key(handle, name)
                .map(key -> freedBytes(handle, key, leaving))
                .orElse(0L));
  }

  private static long freedBytes(Handle handle, String key, Predicate<Digest> leaving) {
    Set<String> removed =
        handle.createQuery(REMOVED).bind("repository", key).mapTo(String.class).set();
    FreedBytes blobs = new FreedBytes(some -> sizes(handle, "repository_blobs", key, some));
    each(
        handle.createQuery(REFERENCES).bind("repository", key),
        row -> {
          String manifest = row.getString(2);
          if (!removed.contains(manifest)) {
            blobs.reference(row.getString(1), leaving.test(Digest.parse(manifest)));
          }
        });
    FreedBytes manifests = new FreedBytes(some -> sizes(handle, "manifests", key, some));
    each(
        handle.createQuery(PRESENT).bind("repository", key),
        row -> {
          String manifest = row.getString(1);
          if (leaving.test(Digest.parse(manifest))) {
            manifests.goes(manifest);
          }
        });
    return blobs.total() + manifests.total();
  }

  /** Of those that no other repository holds, added up. */
  private static long sizes(Handle handle, String table, String key, List<String> digests) {
    return handle
        .createQuery(
            """
            select coalesce(sum(b.size), 0) from blobs b
             where b.digest in (<digests>)
               and not exists (select 1 from %s other
                                where other.digest = b.digest
                                  and other.repository <> :repository
                                  and other.removed_at is null)
            """
                .formatted(table))
        .bindList("digests", digests)
        .bind("repository", key)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public List<Expired> remove(RepositoryName name, List<Expired> expired, Instant since) {
    try {
      return database.write(
          handle ->
              SqlRepositories.key(handle, name)
                  .map(
                      key ->
                          expired.stream().filter(one -> remove(handle, key, one, since)).toList())
                  .orElse(List.of()));
    } finally {
      manifests.changed(name);
    }
  }

  private boolean remove(Handle handle, String key, Expired expired, Instant since) {
    if (wasPulled(handle, key, expired.digest(), since)) {
      return false;
    }
    return switch (expired.reference()) {
      case Tag tag ->
          isAsItWas(handle, key, tag, expired, since)
              && SqlRemovals.removeTag(handle, key, tag, expired.reason(), database.now());
      case Digest digest ->
          isLoose(handle, key, digest, expired)
              && SqlRemovals.removeManifest(handle, key, digest, expired.reason(), database.now());
    };
  }

  /**
   * Itself, or something that it lists. Each is looked up by its key: with an {@code or} of both,
   * SQLite looks through the whole repository.
   */
  private static boolean wasPulled(Handle handle, String key, Digest digest, Instant since) {
    return is(
        handle
            .createQuery(
                """
                select 1 from manifests
                 where repository = :repository and digest = :digest and pulled_at > :since
                union all
                select 1 from manifest_references r
                  join manifests m on m.repository = r.repository and m.digest = r.target
                 where r.repository = :repository and r.manifest = :digest
                   and r.kind = 'MANIFEST' and m.pulled_at > :since
                 limit 1
                """)
            .bind("repository", key)
            .bind("digest", digest.toString())
            .bind("since", since.toEpochMilli()));
  }

  private static boolean isAsItWas(
      Handle handle, String key, Tag tag, Expired expired, Instant since) {
    return is(
        handle
            .createQuery(
                """
                select 1 from tags
                 where repository = :repository and name = :name and digest = :digest
                   and updated_at = :pushed and coalesce(pulled_at, 0) <= :since
                """)
            .bind("repository", key)
            .bind("name", tag.value())
            .bind("digest", expired.digest().toString())
            .bind("pushed", expired.pushedAt().toEpochMilli())
            .bind("since", since.toEpochMilli()));
  }

  private static boolean isLoose(Handle handle, String key, Digest digest, Expired expired) {
    return is(
        handle
            .createQuery(
                """
                select 1 from manifests m
                 where m.repository = :repository and m.digest = :digest
                   and m.removed_at is null and m.pushed_at = :pushed
                   and not exists (select 1 from tags t
                                    where t.repository = m.repository and t.digest = m.digest)
                   and not exists (select 1 from manifest_references r
                                     join manifests i on i.repository = r.repository
                                                     and i.digest = r.manifest
                                    where r.repository = m.repository and r.target = m.digest
                                      and r.kind = 'MANIFEST' and i.removed_at is null)
                   and not exists (select 1 from manifests s
                                    where s.repository = m.repository and s.digest = m.subject
                                      and s.removed_at is null)
                """)
            .bind("repository", key)
            .bind("digest", digest.toString())
            .bind("pushed", expired.pushedAt().toEpochMilli()));
  }

  private static boolean is(Query query) {
    return query.mapTo(Integer.class).findFirst().isPresent();
  }

  @Override
  public Optional<String> state(String entry) {
    return database.read(
        handle ->
            handle
                .createQuery("select state from retention where entry = :entry")
                .bind("entry", entry)
                .mapTo(String.class)
                .findOne());
  }

  @Override
  public void remember(String entry, String state) {
    database.change(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into retention (entry, state) values (:entry, :state)
                    on conflict (entry) do update set state = excluded.state
                    """)
                .bind("entry", entry)
                .bind("state", state)
                .execute());
  }

  @Override
  public void forgetAllBut(Set<String> entries) {
    List<String> others =
        database.read(
            handle ->
                handle.createQuery("select entry from retention").mapTo(String.class).stream()
                    .filter(entry -> !entries.contains(entry))
                    .toList());
    if (!others.isEmpty()) {
      database.change(
          handle ->
              others.forEach(
                  entry ->
                      handle
                          .createUpdate("delete from retention where entry = :entry")
                          .bind("entry", entry)
                          .execute()));
    }
  }
}
