package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Blobs;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlBlobs implements Blobs {
  private final SqlDatabase database;

  SqlBlobs(SqlDatabase database) {
    this.database = database;
  }

  @Override
  public Optional<Held> find(RepositoryName repository, Digest digest) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select b.size, l.unreferenced_at from repositories r
                      join repository_blobs l on l.repository = r.uid
                      join blobs b on b.digest = l.digest
                     where r.name = :name and l.digest = :digest and l.removed_at is null
                       and b.lost_at is null
                    """)
                .bind("name", repository.value())
                .bind("digest", digest.toString())
                .map(
                    (row, context) -> {
                      long since = row.getLong("unreferenced_at");
                      Instant unreferencedAt = row.wasNull() ? null : Instant.ofEpochMilli(since);
                      return new Held(row.getLong("size"), unreferencedAt);
                    })
                .findOne());
  }

  @Override
  public void add(Repository repository, Digest digest, long size, Room room) {
    database.change(handle -> add(handle, repository, digest, size, room));
  }

  void add(Handle handle, Repository repository, Digest digest, long size, Room room) {
    SqlRepositories.revive(handle, repository);
    store(handle, digest, size);
    link(handle, repository, digest, room);
  }

  /** Notes content without giving it to a repository: a manifest's is not a blob to clients. */
  void store(Handle handle, Digest digest, long size) {
    boolean isNew =
        handle
                .createUpdate(
                    "insert into blobs (digest, size, created_at) values (:digest, :size, :now)"
                        + " on conflict (digest) do nothing")
                .bind("digest", digest.toString())
                .bind("size", size)
                .bind("now", database.now())
                .execute()
            == 1;
    if (isNew) {
      SqlUsage.stored(handle, digest, size);
      return;
    }
    boolean changed =
        handle
                .createUpdate(
                    "update blobs set erase_at = null, erasing = 0 where digest = :digest"
                        + " and (erase_at is not null or lost_at is not null)")
                .bind("digest", digest.toString())
                .execute()
            == 1;
    if (changed) {
      SqlLost.found(handle, digest, size);
    }
  }

  /** A new link is looked at after the grace: by then a manifest refers to it, or nothing does. */
  private void link(Handle handle, Repository repository, Digest digest, Room room) {
    boolean held =
        handle
                .createUpdate(
                    """
                    update repository_blobs
                       set unreferenced_at =
                             case when unreferenced_at is null then null else :now end
                     where repository = :repository and digest = :digest and removed_at is null
                    """)
                .bind("repository", repository.key())
                .bind("digest", digest.toString())
                .bind("now", database.now())
                .execute()
            == 1;
    if (held) {
      return;
    }
    handle
        .createUpdate(
            """
            insert into repository_blobs (repository, digest, linked_at, unreferenced_at)
            values (:repository, :digest, :now, :now)
            on conflict (repository, digest)
              do update set linked_at = :now, unreferenced_at = :now,
                            removed_at = null, removed_reason = null
            """)
        .bind("repository", repository.key())
        .bind("digest", digest.toString())
        .bind("now", database.now())
        .execute();
    SqlUsage.held(handle, repository.key(), digest, size(handle, digest));
    SqlRoom.requireBytes(handle, room);
  }

  @Override
  public boolean isLost(RepositoryName repository, Digest digest) {
    return database.read(
        handle ->
            SqlLost.isLost(handle, digest)
                && handle
                    .createQuery(
                        """
                        select 1 from repositories r join repository_blobs l on l.repository = r.uid
                         where r.name = :name and l.digest = :digest and l.removed_at is null
                        """)
                    .bind("name", repository.value())
                    .bind("digest", digest.toString())
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent());
  }

  static long size(Handle handle, Digest digest) {
    return handle
        .createQuery("select size from blobs where digest = :digest")
        .bind("digest", digest.toString())
        .mapTo(Long.class)
        .one();
  }

  @Override
  public List<RepositoryName> holders(Digest digest, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select r.name from repository_blobs l join repositories r on r.uid = l.repository
                      join blobs b on b.digest = l.digest
                     where l.digest = :digest and l.removed_at is null and b.lost_at is null
                     limit :limit
                    """)
                .bind("digest", digest.toString())
                .bind("limit", limit)
                .map((row, context) -> new RepositoryName(row.getString("name")))
                .list());
  }

  @Override
  public boolean mount(Repository repository, RepositoryName from, Digest digest, Room room) {
    return database.write(
        handle -> {
          boolean held = canBeMounted(handle, from, digest);
          if (held) {
            SqlRepositories.revive(handle, repository);
            link(handle, repository, digest, room);
          }
          return held;
        });
  }

  @Override
  public boolean canBeMounted(RepositoryName from, Digest digest) {
    return database.read(handle -> canBeMounted(handle, from, digest));
  }

  /** What was collected lately is still stored, and somebody relies on it. */
  private static boolean canBeMounted(Handle handle, RepositoryName from, Digest digest) {
    return handle
        .createQuery(
            """
            select 1 from repositories r join repository_blobs l on l.repository = r.uid
              join blobs b on b.digest = l.digest
             where r.name = :name and l.digest = :digest and b.lost_at is null
               and (l.removed_at is null or l.removed_reason = :collected)
            """)
        .bind("name", from.value())
        .bind("digest", digest.toString())
        .bind("collected", SqlRemovals.UNREFERENCED)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public boolean keep(RepositoryName repository, Digest digest) {
    return database.writeUnflushed(
        handle ->
            handle
                    .createUpdate(
                        """
                        update repository_blobs
                           set unreferenced_at =
                                 case when unreferenced_at is null then null else :now end
                         where digest = :digest and removed_at is null
                           and repository = (select uid from repositories where name = :name)
                        """)
                    .bind("name", repository.value())
                    .bind("digest", digest.toString())
                    .bind("now", database.now())
                    .execute()
                == 1);
  }

  @Override
  public boolean remove(RepositoryName repository, Digest digest) {
    return database.write(
        handle ->
            SqlRepositories.key(handle, repository)
                .filter(
                    key ->
                        SqlRemovals.removeLink(
                            handle, key, digest, SqlRemovals.DELETED, database.now()))
                .isPresent());
  }
}
