package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Blobs;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

final class SqlBlobs implements Blobs {
  private final SqlDatabase database;

  SqlBlobs(SqlDatabase database) {
    this.database = database;
  }

  @Override
  public OptionalLong size(RepositoryName repository, Digest digest) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select b.size from repositories r
                      join repository_blobs l on l.repository = r.uid
                      join blobs b on b.digest = l.digest
                     where r.name = :name and l.digest = :digest
                    """)
                .bind("name", repository.value())
                .bind("digest", digest.toString())
                .map((row, context) -> OptionalLong.of(row.getLong("size")))
                .findOne()
                .orElse(OptionalLong.empty()));
  }

  @Override
  public void add(Repository repository, Digest digest, long size) {
    database.change(handle -> add(handle, repository, digest, size));
  }

  void add(Handle handle, Repository repository, Digest digest, long size) {
    store(handle, digest, size);
    link(handle, repository, digest);
  }

  /** Notes content without giving it to a repository: a manifest's is not a blob to clients. */
  void store(Handle handle, Digest digest, long size) {
    handle
        .createUpdate(
            "insert into blobs (digest, size, created_at) values (:digest, :size, :now)"
                + " on conflict (digest) do nothing")
        .bind("digest", digest.toString())
        .bind("size", size)
        .bind("now", database.now())
        .execute();
  }

  private void link(Handle handle, Repository repository, Digest digest) {
    handle
        .createUpdate(
            "insert into repository_blobs (repository, digest, linked_at)"
                + " values (:repository, :digest, :now) on conflict (repository, digest) do nothing")
        .bind("repository", repository.uid())
        .bind("digest", digest.toString())
        .bind("now", database.now())
        .execute();
  }

  @Override
  public List<RepositoryName> holders(Digest digest, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select r.name from repository_blobs l join repositories r on r.uid = l.repository
                     where l.digest = :digest limit :limit
                    """)
                .bind("digest", digest.toString())
                .bind("limit", limit)
                .map((row, context) -> new RepositoryName(row.getString("name")))
                .list());
  }

  @Override
  public boolean mount(Repository repository, RepositoryName from, Digest digest) {
    return database.write(
        handle -> {
          boolean held = holds(handle, from, digest);
          if (held) {
            link(handle, repository, digest);
          }
          return held;
        });
  }

  private static boolean holds(Handle handle, RepositoryName repository, Digest digest) {
    Optional<Integer> found =
        handle
            .createQuery(
                """
                select 1 from repositories r join repository_blobs l on l.repository = r.uid
                 where r.name = :name and l.digest = :digest
                """)
            .bind("name", repository.value())
            .bind("digest", digest.toString())
            .mapTo(Integer.class)
            .findOne();
    return found.isPresent();
  }

  @Override
  public boolean remove(RepositoryName repository, Digest digest) {
    return database.write(
        handle ->
            handle
                    .createUpdate(
                        """
                        delete from repository_blobs where digest = :digest
                           and repository = (select uid from repositories where name = :name)
                        """)
                    .bind("name", repository.value())
                    .bind("digest", digest.toString())
                    .execute()
                > 0);
  }
}
