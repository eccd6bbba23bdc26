package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.metadata.Uploads;
import dev.berth.registry.oci.Digest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlUploads implements Uploads {
  private static final int KEY_BYTES = 32;

  private final SqlDatabase database;
  private final SqlBlobs blobs;

  SqlUploads(SqlDatabase database, SqlBlobs blobs) {
    this.database = database;
    this.blobs = blobs;
  }

  @Override
  public byte[] signingKey() {
    return database.read(SqlUploads::storedKey).orElseGet(() -> database.write(SqlUploads::newKey));
  }

  private static byte[] newKey(Handle handle) {
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    handle
        .createUpdate(
            "insert into secrets (name, value) values ('uploads', :value)"
                + " on conflict (name) do nothing")
        .bind("value", HexFormat.of().formatHex(fresh))
        .execute();
    return storedKey(handle).orElseThrow();
  }

  private static Optional<byte[]> storedKey(Handle handle) {
    return handle
        .createQuery("select value from secrets where name = 'uploads'")
        .mapTo(String.class)
        .findOne()
        .map(HexFormat.of()::parseHex);
  }

  @Override
  public Optional<Session> find(Repository repository, String id) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select id, bytes, received from uploads"
                        + " where id = :id and repository = :repository")
                .bind("id", id)
                .bind("repository", repository.key())
                .map((row, context) -> session(row))
                .findOne());
  }

  private static Session session(ResultSet row) throws SQLException {
    return row.getString("bytes") == null ? new Ended() : receiving(row);
  }

  private static Receiving receiving(ResultSet row) throws SQLException {
    return new Receiving(row.getString("id"), row.getString("bytes"), row.getLong("received"));
  }

  @Override
  public boolean begin(
      Repository repository, String id, String bytes, long received, String principal) {
    return database.writeUnflushed(
        handle ->
            handle
                    .createUpdate(
                        "insert into uploads"
                            + " (id, repository, bytes, received, principal, updated_at)"
                            + " values (:id, :repository, :bytes, :received, :principal, :now)"
                            + " on conflict (id) do nothing")
                    .bind("id", id)
                    .bind("repository", repository.key())
                    .bind("bytes", bytes)
                    .bind("received", received)
                    .bind("principal", principal)
                    .bind("now", database.now())
                    .execute()
                == 1);
  }

  @Override
  public int receiving(String principal, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select count(*) from (select 1 from uploads"
                        + " where principal = :principal and bytes is not null limit :most) some")
                .bind("principal", principal)
                .bind("most", most)
                .mapTo(Integer.class)
                .one());
  }

  @Override
  public boolean advance(Receiving session, long received) {
    return database.writeUnflushed(
        handle ->
            handle
                    .createUpdate(
                        "update uploads set received = :received, updated_at = :now"
                            + " where id = :id and bytes = :bytes and received = :before")
                    .bind("received", received)
                    .bind("now", database.now())
                    .bind("id", session.id())
                    .bind("bytes", session.bytes())
                    .bind("before", session.received())
                    .execute()
                == 1);
  }

  @Override
  public void complete(Repository repository, String id, Digest digest, long size, Room room) {
    database.change(
        handle -> {
          blobs.add(handle, repository, digest, size, room);
          end(handle, repository, id);
        });
  }

  @Override
  public void cancel(Repository repository, String id) {
    database.change(handle -> end(handle, repository, id));
  }

  private void end(Handle handle, Repository repository, String id) {
    handle
        .createUpdate(
            "insert into uploads (id, repository, bytes, received, updated_at)"
                + " values (:id, :repository, null, 0, :now)"
                + " on conflict (id) do update set bytes = null, updated_at = :now")
        .bind("id", id)
        .bind("repository", repository.key())
        .bind("now", database.now())
        .execute();
  }

  @Override
  public boolean expire(Receiving session) {
    return database.write(
        handle ->
            handle
                    .createUpdate(
                        "update uploads set bytes = null, updated_at = :now"
                            + " where id = :id and bytes = :bytes and received = :received")
                    .bind("now", database.now())
                    .bind("id", session.id())
                    .bind("bytes", session.bytes())
                    .bind("received", session.received())
                    .execute()
                == 1);
  }

  @Override
  public List<Receiving> idle(Instant since, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select id, bytes, received from uploads"
                        + " where updated_at < :since and bytes is not null"
                        + " order by updated_at limit :limit")
                .bind("since", since.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> receiving(row))
                .list());
  }

  @Override
  public boolean isInUse(String bytes) {
    return database.read(
        handle ->
            handle
                .createQuery("select 1 from uploads where bytes = :bytes limit 1")
                .bind("bytes", bytes)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public void forgetEnded(Instant before) {
    database.change(
        handle ->
            handle
                .createUpdate("delete from uploads where updated_at < :before and bytes is null")
                .bind("before", before.toEpochMilli())
                .execute());
  }
}
