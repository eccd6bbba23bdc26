package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Mending;
import dev.berth.registry.oci.Digest;
import java.util.List;
import org.jdbi.v3.core.Handle;

final class SqlMending implements Mending {
  private final SqlDatabase database;

  SqlMending(SqlDatabase database) {
    this.database = database;
  }

  @Override
  public void lose(Digest digest) {
    database.change(handle -> SqlLost.lose(handle, digest, database.now()));
  }

  @Override
  public void found(Digest digest, long size) {
    database.change(handle -> SqlLost.found(handle, digest, size));
  }

  /** Content that is named and has no row: what is right about it, its bytes must say. */
  private static final String ROWS_OF_NAMED_CONTENT =
      """
      insert into blobs (digest, size, created_at, lost_at)
      select distinct named.digest, 0, :now, :now
        from (select digest from repository_blobs union select digest from manifests) named
       where not exists (select 1 from blobs b where b.digest = named.digest)
      """;

  @Override
  public void mendBroken() {
    database.change(
        handle -> {
          handle.createUpdate(ROWS_OF_NAMED_CONTENT).bind("now", database.now()).execute();
          List<SqlInspection.BrokenRow> broken = SqlInspection.brokenRows(handle);
          while (!broken.isEmpty()) {
            broken.forEach(row -> delete(handle, row));
            broken = SqlInspection.brokenRows(handle);
          }
        });
  }

  private static void delete(Handle handle, SqlInspection.BrokenRow row) {
    handle
        .createUpdate("delete from " + row.table() + " where rowid = :row")
        .bind("row", row.row())
        .execute();
  }

  @Override
  public void note() {
    database.change(
        handle -> {
          handle
              .createUpdate(
                  "update blobs set erase_at = :now where digest in ("
                      + SqlInspection.UNNOTED
                      + ")")
              .bind("now", database.now())
              .execute();
          handle
              .createUpdate(
                  "update repository_blobs set unreferenced_at = :now where "
                      + SqlInspection.IS_UNNOTED)
              .bind("now", database.now())
              .execute();
        });
  }

  @Override
  public void recount() {
    database.change(
        handle -> {
          handle.execute("delete from repository_usage");
          handle.execute(
              "insert into repository_usage (repository, shard, bytes)" + SqlInspection.HELD);
          handle.execute("delete from storage_usage");
          handle.execute("insert into storage_usage (shard, bytes)" + SqlInspection.STORED);
        });
  }
}
