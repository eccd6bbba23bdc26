package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Holdings;
import dev.berth.registry.oci.RepositoryName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

final class SqlHoldings implements Holdings {
  private final SqlDatabase database;

  SqlHoldings(SqlDatabase database) {
    this.database = database;
  }

  private static final String ALL =
      """
      select r.name, coalesce(t.tags, 0) as tags, coalesce(m.manifests, 0) as manifests,
             coalesce(u.bytes, 0) as bytes, m.pushed_at, m.pulled_at, t.tagged_at
        from repositories r
        left join (select repository, count(*) as tags, max(updated_at) as tagged_at
                     from tags group by repository) t on t.repository = r.uid
        left join (select repository, count(*) as manifests, max(pushed_at) as pushed_at,
                          max(pulled_at) as pulled_at
                     from manifests where removed_at is null group by repository) m
               on m.repository = r.uid
        left join (select repository, sum(bytes) as bytes
                     from repository_usage group by repository) u on u.repository = r.uid
       where r.deleted_at is null order by r.name
      """;

  @Override
  public List<Holding> all() {
    return database.read(
        handle ->
            handle
                .createQuery(ALL)
                .map(
                    (row, context) ->
                        new Holding(
                            new RepositoryName(row.getString("name")),
                            row.getLong("tags"),
                            row.getLong("manifests"),
                            row.getLong("bytes"),
                            SqlExpiry.later(
                                SqlExpiry.instant(row, "pushed_at"),
                                SqlExpiry.instant(row, "tagged_at")),
                            SqlExpiry.instant(row, "pulled_at")))
                .list());
  }

  private record Row(String digest, String owner, long size) {}

  @Override
  public Map<String, Long> uniqueBytes(Function<RepositoryName, String> owner) {
    return database.read(
        handle -> {
          Map<String, String> owners = owners(handle, owner);
          Map<String, Long> unique = new HashMap<>();
          add(handle, "repository_blobs", owners, unique);
          add(handle, "manifests", owners, unique);
          return unique;
        });
  }

  private static Map<String, String> owners(Handle handle, Function<RepositoryName, String> owner) {
    Map<String, String> owners = new HashMap<>();
    handle
        .createQuery("select uid, name from repositories")
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(row -> owners.put(row.getKey(), owner.apply(new RepositoryName(row.getValue()))));
    return owners;
  }

  /** By digest, so that no more than one of them is remembered. */
  private static void add(
      Handle handle, String table, Map<String, String> owners, Map<String, Long> unique) {
    try (Stream<Row> rows =
        handle
            .createQuery(
                "select l.digest, l.repository, b.size from "
                    + table
                    + " l join blobs b on b.digest = l.digest"
                    + " where l.removed_at is null order by l.digest")
            .map(
                (row, context) ->
                    new Row(
                        row.getString(1),
                        owners.getOrDefault(row.getString(2), ""),
                        row.getLong(3)))
            .stream()) {
      @Nullable Row held = null;
      boolean shared = false;
      for (Iterator<Row> each = rows.iterator(); each.hasNext(); ) {
        Row row = each.next();
        if (held != null && held.digest.equals(row.digest)) {
          shared |= !held.owner.equals(row.owner);
          continue;
        }
        count(held, shared, unique);
        held = row;
        shared = false;
      }
      count(held, shared, unique);
    }
  }

  private static void count(@Nullable Row held, boolean shared, Map<String, Long> unique) {
    if (held != null && !shared) {
      unique.merge(Objects.requireNonNull(held.owner), held.size, Long::sum);
    }
  }
}
