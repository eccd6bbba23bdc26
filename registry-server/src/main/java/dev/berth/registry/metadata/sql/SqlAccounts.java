package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Accounts;
import dev.berth.registry.oci.RepositoryName;
import java.util.List;

final class SqlAccounts implements Accounts {
  private final SqlDatabase database;

  SqlAccounts(SqlDatabase database) {
    this.database = database;
  }

  private static final String LARGEST =
      """
      select r.name, u.bytes,
             (select count(*) from tags t where t.repository = r.uid) as tags,
             (select count(*) from manifests m
               where m.repository = r.uid and m.removed_at is null) as manifests
        from (select repository, sum(bytes) as bytes from repository_usage
               group by repository order by sum(bytes) desc, repository limit :limit) u
        join repositories r on r.uid = u.repository
       where r.deleted_at is null
       order by u.bytes desc, r.name
      """;

  @Override
  public List<Account> largest(int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(LARGEST)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Account(
                            new RepositoryName(row.getString("name")),
                            row.getLong("bytes"),
                            row.getLong("tags"),
                            row.getLong("manifests")))
                .list());
  }

  private static final String UNIQUE =
      """
      with this (uid) as (select uid from repositories where name = :name)
      select coalesce(sum(b.size), 0)
        from (select digest from repository_blobs
               where repository = (select uid from this) and removed_at is null
              union
              select digest from manifests
               where repository = (select uid from this) and removed_at is null) held
        join blobs b on b.digest = held.digest
       where not exists (select 1 from repository_blobs o
                          where o.digest = held.digest and o.removed_at is null
                            and o.repository <> (select uid from this))
         and not exists (select 1 from manifests o
                          where o.digest = held.digest and o.removed_at is null
                            and o.repository <> (select uid from this))
      """;

  @Override
  public long uniqueBytes(RepositoryName repository) {
    return database.read(
        handle ->
            handle.createQuery(UNIQUE).bind("name", repository.value()).mapTo(Long.class).one());
  }

  @Override
  public long lost() {
    return database.read(
        handle ->
            handle
                .createQuery("select count(*) from blobs where lost_at is not null")
                .mapTo(Long.class)
                .one());
  }
}
