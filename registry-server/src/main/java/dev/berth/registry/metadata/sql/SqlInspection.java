package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.SchemaException;
import dev.berth.registry.oci.Digest;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads all rows. Each question is answered as of one moment, also while a server writes. */
public final class SqlInspection implements Inspection, AutoCloseable {
  private static final int MOST_DAMAGE = 20;

  private final SqlDatabase database;

  SqlInspection(SqlDatabase database) {
    this.database = database;
  }

  /**
   * Opens an SQLite file of this version's schema without changing anything, also while a server
   * uses it.
   *
   * @throws SchemaException where another version made it
   */
  public static SqlInspection sqlite(Path file) {
    return new SqlInspection(SqliteFile.openToRead(file, Clock.systemUTC()));
  }

  @Override
  public boolean isAdopting() {
    return database.read(SqlAdoption::state) == Adoption.State.RUNNING;
  }

  @Override
  public List<String> damage() {
    return database.read(
        handle ->
            handle
                .createQuery("pragma integrity_check(" + MOST_DAMAGE + ")")
                .mapTo(String.class)
                .filter(line -> !line.equals("ok"))
                .list());
  }

  /** One that names what is not there. */
  record BrokenRow(String table, long row, String named) {}

  static List<BrokenRow> brokenRows(Handle handle) {
    return handle
        .createQuery("pragma foreign_key_check")
        .map(
            (row, context) ->
                new BrokenRow(
                    row.getString("table"), row.getLong("rowid"), row.getString("parent")))
        .list();
  }

  @Override
  public List<Broken> broken() {
    return database.read(SqlInspection::brokenRows).stream()
        .collect(
            Collectors.groupingBy(
                row -> new Broken(row.table, row.named, 0), Collectors.counting()))
        .entrySet()
        .stream()
        .map(
            counted ->
                new Broken(counted.getKey().table(), counted.getKey().named(), counted.getValue()))
        .sorted((a, b) -> (a.table() + a.named()).compareTo(b.table() + b.named()))
        .toList();
  }

  private static final String CONTENT =
      "select digest, size, lost_at is not null as lost, erasing from blobs where ";

  @Override
  public List<Content> contents(@Nullable Digest after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(CONTENT + "digest > :after order by digest limit :limit")
                .bind("after", after == null ? "" : after.toString())
                .bind("limit", limit)
                .map((row, context) -> content(row))
                .list());
  }

  @Override
  public Optional<Content> content(Digest digest) {
    return database.read(
        handle ->
            handle
                .createQuery(CONTENT + "digest = :digest")
                .bind("digest", digest.toString())
                .map((row, context) -> content(row))
                .findOne());
  }

  private static Content content(ResultSet row) throws SQLException {
    return new Content(
        Digest.parse(row.getString("digest")),
        row.getLong("size"),
        row.getInt("lost") == 1,
        row.getInt("erasing") == 1);
  }

  private static final String USERS =
      """
      with images (repository, digest) as (
        select repository, digest from manifests where digest = :digest and removed_at is null
        union
        select m.repository, m.digest from repository_blobs l
          join manifest_references f on f.repository = l.repository and f.target = l.digest
          join manifests m on m.repository = f.repository and m.digest = f.manifest
         where l.digest = :digest and m.removed_at is null)
      select r.name || coalesce(':' || t.name, '@' || i.digest) as image
        from images i join repositories r on r.uid = i.repository
        left join tags t on t.repository = i.repository and t.digest = i.digest
      union
      select r.name from repository_blobs l join repositories r on r.uid = l.repository
       where l.digest = :digest and l.removed_at is null
         and l.repository not in (select repository from images)
       order by image limit :limit
      """;

  @Override
  public List<String> users(Digest digest, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(USERS)
                .bind("digest", digest.toString())
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
  }

  static final String UNNOTED =
      """
      select b.digest from blobs b
       where b.erase_at is null
         and not exists (select 1 from repository_blobs l where l.digest = b.digest)
         and not exists (select 1 from manifests m where m.digest = b.digest)
      """;

  @Override
  public List<Digest> unnoted(int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(UNNOTED + " order by b.digest limit :limit")
                .bind("limit", limit)
                .map((row, context) -> Digest.parse(row.getString(1)))
                .list());
  }

  static final String IS_UNNOTED =
      """
      repository_blobs.removed_at is null and repository_blobs.unreferenced_at is null
        and not exists (
          select 1 from manifest_references f
            join manifests m on m.repository = f.repository and m.digest = f.manifest
           where f.repository = repository_blobs.repository
             and f.target = repository_blobs.digest
             and f.kind <> 'MANIFEST' and m.removed_at is null)
      """;

  @Override
  public List<UnnotedLink> unnotedLinks(int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select r.name, repository_blobs.digest from repository_blobs"
                        + " join repositories r on r.uid = repository_blobs.repository where "
                        + IS_UNNOTED
                        + " order by r.name, repository_blobs.digest limit :limit")
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new UnnotedLink(row.getString(1), Digest.parse(row.getString(2))))
                .list());
  }

  /** Bytes of each repository by the first digit of the digest, as they are. */
  static final String HELD =
      """
       select held.repository, substr(held.digest, 8, 1) as shard, sum(b.size) as bytes
         from (select repository, digest from repository_blobs where removed_at is null
               union all
               select repository, digest from manifests where removed_at is null) held
         join blobs b on b.digest = held.digest
        group by held.repository, substr(held.digest, 8, 1)
      """;

  static final String STORED =
      """
       select substr(digest, 8, 1) as shard, sum(size) as bytes from blobs
        where lost_at is null group by substr(digest, 8, 1)
      """;

  /** Where kept and counted differ in any shard. */
  private static final String MISCOUNTS =
      """
      select shards.repository, sum(shards.kept) as kept, sum(shards.counted) as counted
        from (select repository, shard, sum(kept) as kept, sum(counted) as counted
                from (select repository, shard, bytes as kept, 0 as counted from (%s) k
                      union all
                      select repository, shard, 0, bytes from (%s) c) both_of_them
               group by repository, shard) shards
       group by shards.repository
      having sum(case when kept <> counted then 1 else 0 end) > 0
       order by shards.repository
      """;

  private static final String OF_REPOSITORIES =
      "select coalesce(r.name, m.repository) as repository, m.kept, m.counted from ("
          + MISCOUNTS.formatted("select * from repository_usage", HELD)
          + ") m left join repositories r on r.uid = m.repository order by 1";

  private static final String OF_ALL =
      MISCOUNTS.formatted(
          "select '' as repository, shard, bytes from storage_usage",
          "select '' as repository, shard, bytes from (" + STORED + ") s");

  @Override
  public List<Miscount> miscounts() {
    List<Miscount> all = new ArrayList<>(miscounts(OF_ALL));
    all.addAll(miscounts(OF_REPOSITORIES));
    return all;
  }

  private List<Miscount> miscounts(String query) {
    return database.read(
        handle ->
            handle
                .createQuery(query)
                .map(
                    (row, context) ->
                        new Miscount(
                            row.getString("repository"),
                            row.getLong("kept"),
                            row.getLong("counted")))
                .list());
  }

  @Override
  public void close() {
    database.close();
  }
}
