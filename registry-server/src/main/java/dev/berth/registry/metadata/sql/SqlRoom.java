package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Room;
import dev.berth.registry.metadata.Room.ExceededException;
import dev.berth.registry.metadata.Room.Limit;
import dev.berth.registry.oci.Digest;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** Compares what there is with what there may be, where something was just added. */
final class SqlRoom {

  private SqlRoom() {}

  /**
   * Of bytes.
   *
   * @throws ExceededException where they do not fit
   */
  static void requireBytes(Handle handle, Room room) {
    Long stored = room.stored();
    if (stored != null) {
      require(Limit.STORED, stored(handle), stored);
    }
    Room.Held held = room.held();
    if (held != null) {
      require(Limit.HELD, held(handle, held), held.bytes());
    }
  }

  /**
   * Of tags, where there are more than before: one that moves takes no room.
   *
   * @throws ExceededException where they are too many
   */
  static void requireTags(Handle handle, String repository, long before, Room room) {
    Integer most = room.tags();
    if (most != null) {
      long now = tags(handle, repository);
      if (now > before) {
        require(Limit.TAGS, now, most);
      }
    }
  }

  static long tags(Handle handle, String repository) {
    return handle
        .createQuery("select count(*) from tags where repository = :repository")
        .bind("repository", repository)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Of a manifest with everything that it refers to and that is there.
   *
   * @throws ExceededException where it is too large
   */
  static void requireImage(Handle handle, String repository, Digest manifest, Room room) {
    Long most = room.image();
    if (most != null) {
      require(
          Limit.IMAGE,
          handle
              .createQuery(
                  """
                  with recursive parts (digest) as (
                    select cast(:manifest as varchar(140))
                    union
                    select r.target from parts p
                      join manifest_references r
                        on r.repository = :repository and r.manifest = p.digest
                  )
                  select coalesce(sum(b.size), 0) from parts p join blobs b on b.digest = p.digest
                  """)
              .bind("repository", repository)
              .bind("manifest", manifest.toString())
              .mapTo(Long.class)
              .one(),
          most);
    }
  }

  static long stored(Handle handle) {
    return handle
        .createQuery("select coalesce(sum(bytes), 0) from storage_usage")
        .mapTo(Long.class)
        .one();
  }

  static long held(Handle handle, Room.Held held) {
    return handle
        .createQuery(
            """
            select r.name, u.bytes from repositories r
              join repository_usage u on u.repository = r.uid
             where r.name >= :from and r.name <= :to and r.deleted_at is null
            """)
        .bind("from", held.from())
        .bind("to", held.to())
        .map((row, context) -> held.counts().test(row.getString(1)) ? row.getLong(2) : 0L)
        .stream()
        .mapToLong(Objects::requireNonNull)
        .sum();
  }

  private static void require(Limit limit, long wanted, long most) {
    if (wanted > most) {
      throw new ExceededException(limit, wanted);
    }
  }
}
