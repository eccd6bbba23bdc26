package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.Uploads;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlUploads implements Uploads {
  private final SqlDatabase database;
  private final SqlBlobs blobs;

  SqlUploads(SqlDatabase database, SqlBlobs blobs) {
    this.database = database;
    this.blobs = blobs;
  }

  @Override
  public Upload start(Repository repository, String id) {
    long now = database.now();
    database.writeUnflushed(
        handle ->
            handle
                .createUpdate(
                    "insert into uploads (id, repository, received, started_at, updated_at)"
                        + " values (:id, :repository, 0, :now, :now)")
                .bind("id", id)
                .bind("repository", repository.uid())
                .bind("now", now)
                .execute());
    return new Upload(id, repository, 0, Instant.ofEpochMilli(now));
  }

  @Override
  public Optional<Upload> find(RepositoryName repository, String id) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select u.id, u.received, u.started_at, r.uid, r.name, r.created_at
                      from uploads u join repositories r on r.uid = u.repository
                     where u.id = :id and r.name = :name
                    """)
                .bind("id", id)
                .bind("name", repository.value())
                .map(
                    (row, context) ->
                        new Upload(
                            row.getString("id"),
                            SqlRepositories.read(row),
                            row.getLong("received"),
                            Instant.ofEpochMilli(row.getLong("started_at"))))
                .findOne());
  }

  @Override
  public boolean advance(Upload upload, long received) {
    return database.writeUnflushed(
        handle ->
            handle
                    .createUpdate(
                        "update uploads set received = :received, updated_at = :now"
                            + " where id = :id and received = :before")
                    .bind("received", received)
                    .bind("now", database.now())
                    .bind("id", upload.id())
                    .bind("before", upload.received())
                    .execute()
                == 1);
  }

  @Override
  public void complete(Upload upload, Digest digest, long size) {
    database.change(
        handle -> {
          blobs.add(handle, upload.repository(), digest, size);
          delete(handle, upload);
        });
  }

  @Override
  public void cancel(Upload upload) {
    database.change(handle -> delete(handle, upload));
  }

  private static void delete(Handle handle, Upload upload) {
    handle.createUpdate("delete from uploads where id = :id").bind("id", upload.id()).execute();
  }
}
