package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.oci.RepositoryName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The queue. Its steps are not flushed: a power cut takes the last of them, and none before. */
final class SqlAdoption implements Adoption {
  private static final String ID = "distribution";
  private static final String OF_NONE = "";

  private final SqlDatabase database;
  private final SqlManifests manifests;

  SqlAdoption(SqlDatabase database, SqlManifests manifests) {
    this.database = database;
    this.manifests = manifests;
  }

  @Override
  public State state() {
    return database.read(SqlAdoption::state);
  }

  static State state(Handle handle) {
    return handle
        .createQuery("select state from adoption where id = :id")
        .bind("id", ID)
        .mapTo(State.class)
        .findOne()
        .orElse(State.UNDECIDED);
  }

  @Override
  public void decline() {
    database.change(handle -> become(handle, State.NONE, 0));
  }

  @Override
  public void begin(boolean everything) {
    database.change(
        handle -> {
          if (everything) {
            handle.execute("delete from adoption_problems");
            handle.execute("update adopted_repositories set seen_at = null");
          }
          if (state(handle) != State.RUNNING) {
            become(handle, State.RUNNING, Math.max(database.now(), lastSeen(handle) + 1));
          }
        });
  }

  private static long lastSeen(Handle handle) {
    return handle
        .createQuery("select coalesce(max(seen_at), 0) from adopted_repositories")
        .mapTo(Long.class)
        .one();
  }

  private static void become(Handle handle, State state, long begunAt) {
    handle
        .createUpdate(
            """
            insert into adoption (id, state, begun_at) values (:id, :state, :begunAt)
            on conflict (id) do update set state = excluded.state, begun_at = excluded.begun_at
            """)
        .bind("id", ID)
        .bind("state", state.name())
        .bind("begunAt", begunAt)
        .execute();
  }

  @Override
  public void found(List<RepositoryName> names) {
    database.writeUnflushed(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "insert into adopted_repositories (name) values (:name)"
                      + " on conflict (name) do nothing");
          names.forEach(name -> batch.bind("name", name.value()).add());
          return batch.execute();
        });
  }

  @Override
  public List<Pending> pending(String after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select q.name, q.seen_at,
                           exists (select 1 from adoption_problems p where p.repository = q.name)
                             as problems
                      from adopted_repositories q join adoption a on a.id = :id
                     where q.name > :after and (q.seen_at is null or q.seen_at < a.begun_at)
                     order by q.name limit :limit
                    """)
                .bind("id", ID)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> pending(row))
                .list());
  }

  private static Pending pending(ResultSet row) throws SQLException {
    long seenAt = row.getLong("seen_at");
    return new Pending(
        new RepositoryName(row.getString("name")),
        row.wasNull() ? null : Instant.ofEpochMilli(seenAt),
        row.getBoolean("problems"));
  }

  @Override
  public void forgetProblems(@Nullable RepositoryName repository) {
    database.writeUnflushed(
        handle ->
            handle
                .createUpdate("delete from adoption_problems where repository = :repository")
                .bind("repository", repository == null ? OF_NONE : repository.value())
                .execute());
  }

  @Override
  public boolean isProblem(String path) {
    return database.read(
        handle ->
            handle
                .createQuery("select 1 from adoption_problems where path = :path")
                .bind("path", path)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public void add(RepositoryName repository, Part part) {
    database.writeUnflushed(
        handle -> {
          mend(handle, part.mended());
          skip(handle, repository.value(), part.problems());
          if (!part.found().isEmpty()) {
            count(handle, repository, new SqlAdopted(handle, database.now()).add(repository, part));
          }
          return null;
        });
    manifests.changed(repository);
  }

  private static void mend(Handle handle, List<String> paths) {
    PreparedBatch batch = handle.prepareBatch("delete from adoption_problems where path = :path");
    paths.forEach(path -> batch.bind("path", path).add());
    batch.execute();
  }

  private static void count(Handle handle, RepositoryName repository, SqlAdopted.Added added) {
    handle
        .createUpdate(
            """
            update adopted_repositories
               set manifests = manifests + :manifests, tags = tags + :tags, blobs = blobs + :blobs
             where name = :name
            """)
        .bind("manifests", added.manifests())
        .bind("tags", added.tags())
        .bind("blobs", added.blobs())
        .bind("name", repository.value())
        .execute();
  }

  @Override
  public void skip(List<Problem> problems) {
    database.writeUnflushed(handle -> skip(handle, OF_NONE, problems));
  }

  private static int[] skip(Handle handle, String repository, List<Problem> problems) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into adoption_problems (path, repository, reason)
            values (:path, :repository, :reason)
            on conflict (path) do update set reason = excluded.reason
            """);
    problems.forEach(
        problem ->
            batch
                .bind("path", problem.path())
                .bind("repository", repository)
                .bind("reason", problem.reason())
                .add());
    return batch.execute();
  }

  @Override
  public void seen(RepositoryName repository) {
    database.writeUnflushed(
        handle ->
            handle
                .createUpdate(
                    "update adopted_repositories set seen_at ="
                        + " (select begun_at from adoption where id = :id) where name = :name")
                .bind("id", ID)
                .bind("name", repository.value())
                .execute());
  }

  @Override
  public void end() {
    database.change(
        handle ->
            handle
                .createUpdate("update adoption set state = :state where id = :id")
                .bind("state", State.DONE.name())
                .bind("id", ID)
                .execute());
  }

  @Override
  public Progress progress(int problems) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) as repositories,
                           coalesce(sum(case when q.seen_at >= a.begun_at then 1 else 0 end), 0)
                             as done,
                           coalesce(sum(q.manifests), 0) as manifests,
                           coalesce(sum(q.tags), 0) as tags,
                           coalesce(sum(q.blobs), 0) as blobs,
                           (select count(*) from adoption_problems) as skipped
                      from adopted_repositories q join adoption a on a.id = :id
                    """)
                .bind("id", ID)
                .map(
                    (row, context) ->
                        new Progress(
                            state(handle),
                            row.getLong("repositories"),
                            row.getLong("done"),
                            row.getLong("manifests"),
                            row.getLong("tags"),
                            row.getLong("blobs"),
                            row.getLong("skipped"),
                            problems(handle, problems)))
                .one());
  }

  private static List<Problem> problems(Handle handle, int limit) {
    return handle
        .createQuery("select path, reason from adoption_problems order by path limit :limit")
        .bind("limit", limit)
        .map((row, context) -> new Problem(row.getString("path"), row.getString("reason")))
        .list();
  }
}
