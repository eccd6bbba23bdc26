package dev.berth.registry.metadata.sql;

import static dev.berth.registry.metadata.sql.SqlRemovals.DELETED;

import dev.berth.registry.metadata.FixedTagException;
import dev.berth.registry.metadata.Manifests;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

final class SqlManifests implements Manifests {
  private final SqlDatabase database;
  private final SqlBlobs blobs;
  private final SqlReferrers referrers;
  private final SqlNesting nesting;
  private final Remembered.Writes writes = new Remembered.Writes();
  private final Remembered<Key, Stored> found = new Remembered<>(writes);
  private final Remembered<Listed, List<String>> listed =
      new Remembered<>(writes, MOST_TAGS, tags -> tags.size() + ENTRY);

  /** Of all that are remembered: some megabytes. */
  private static final int MOST_TAGS = 50_000;

  /** What else a page takes, in tags. */
  private static final int ENTRY = 4;

  private record Key(RepositoryName repository, Reference reference) {}

  /** A first page: where others begin is for clients to say, and endless. */
  private record Listed(RepositoryName repository, int limit) {}

  SqlManifests(SqlDatabase database, SqlBlobs blobs, int nesting) {
    this.database = database;
    this.blobs = blobs;
    this.referrers = new SqlReferrers(database);
    this.nesting = new SqlNesting(nesting);
  }

  private static final String BY_DIGEST =
      """
      select m.digest, m.media_type, b.size from repositories r
        join manifests m on m.repository = r.uid
        join blobs b on b.digest = m.digest
       where r.name = :name and m.digest = :reference and m.removed_at is null
         and b.lost_at is null
      """;

  private static final String BY_TAG =
      """
      select m.digest, m.media_type, b.size from repositories r
        join tags t on t.repository = r.uid
        join manifests m on m.repository = t.repository and m.digest = t.digest
        join blobs b on b.digest = m.digest
       where r.name = :name and t.name = :reference and b.lost_at is null
      """;

  @Override
  public Optional<Stored> find(RepositoryName repository, Reference reference) {
    return found.find(repository, new Key(repository, reference), () -> ask(repository, reference));
  }

  private Optional<Stored> ask(RepositoryName repository, Reference reference) {
    return ask(repository, reference, query(reference));
  }

  private static String query(Reference reference) {
    return switch (reference) {
      case Digest _ -> BY_DIGEST;
      case Tag _ -> BY_TAG;
    };
  }

  @Override
  public Optional<Digest> lost(RepositoryName repository, Reference reference) {
    String query = query(reference).replace("b.lost_at is null", "b.lost_at is not null");
    return ask(repository, reference, query).map(Stored::digest);
  }

  private Optional<Stored> ask(RepositoryName repository, Reference reference, String query) {
    return database.read(
        handle ->
            handle
                .createQuery(query)
                .bind("name", repository.value())
                .bind("reference", reference.toString())
                .map(
                    (row, context) ->
                        new Stored(
                            Digest.parse(row.getString("digest")),
                            row.getString("media_type"),
                            row.getLong("size")))
                .findOne());
  }

  @Override
  public List<Manifest.Link> put(
      Repository repository,
      Digest digest,
      long size,
      Manifest manifest,
      Set<Tag> tags,
      Predicate<Tag> fixed,
      Room room) {
    return write(
        repository.name(),
        handle -> {
          for (Tag tag : tags) {
            if (fixed.test(tag)) {
              requireUnmoved(handle, repository, tag, digest);
            }
          }
          SqlRepositories.revive(handle, repository);
          blobs.store(handle, digest, size);
          if (insert(handle, repository, digest, size, manifest)) {
            SqlRoom.requireBytes(handle, room);
          }
          insertReferences(handle, repository, digest, manifest);
          List<Manifest.Link> missing = missing(handle, repository.key(), manifest);
          nesting.check(handle, repository, digest, manifest);
          long before = room.tags() == null ? 0 : SqlRoom.tags(handle, repository.key());
          tags.forEach(tag -> move(handle, repository, tag, digest));
          SqlRoom.requireTags(handle, repository.key(), before, room);
          SqlRoom.requireImage(handle, repository.key(), digest, room);
          return missing;
        });
  }

  /** What was collected only while the manifest was on its way is there again. */
  private List<Manifest.Link> missing(Handle handle, String repository, Manifest manifest) {
    return manifest.references().stream()
        .filter(
            link ->
                !(holds(handle, repository, link) || takeBack(handle, repository, link))
                    || SqlLost.isLost(handle, link.digest()))
        .toList();
  }

  private boolean takeBack(Handle handle, String repository, Manifest.Link link) {
    return link.kind() == Manifest.Kind.MANIFEST
        ? SqlRemovals.restoreManifest(handle, repository, link.digest(), false, database.now())
        : SqlRemovals.restoreLink(handle, repository, link.digest(), false, database.now());
  }

  private static boolean holds(Handle handle, String repository, Manifest.Link link) {
    String query =
        link.kind() == Manifest.Kind.MANIFEST
            ? "select 1 from manifests where repository = :repository and digest = :digest"
            : "select 1 from repository_blobs where repository = :repository and digest = :digest";
    return handle
        .createQuery(query + " and removed_at is null")
        .bind("repository", repository)
        .bind("digest", link.digest().toString())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Whether the repository did not hold it. */
  private boolean insert(
      Handle handle, Repository repository, Digest digest, long size, Manifest manifest) {
    Digest subject = manifest.subject();
    boolean isNew =
        !holds(handle, repository.key(), new Manifest.Link(Manifest.Kind.MANIFEST, digest));
    if (isNew) {
      SqlUsage.held(handle, repository.key(), digest, size);
    }
    handle
        .createUpdate(
            """
            insert into manifests
              (repository, digest, media_type, artifact_type, subject, annotations, pushed_at)
            values (:repository, :digest, :mediaType, :artifactType, :subject, :annotations, :now)
            on conflict (repository, digest)
              do update set pushed_at = excluded.pushed_at,
                            removed_at = null, removed_reason = null,
                            unreferenced_at =
                              case when manifests.removed_at is null
                                    and manifests.unreferenced_at is null
                                   then null else excluded.pushed_at end
            """)
        .bind("repository", repository.key())
        .bind("digest", digest.toString())
        .bind("mediaType", manifest.mediaType())
        .bind("artifactType", manifest.artifactType())
        .bind("subject", subject == null ? null : subject.toString())
        .bind("annotations", AnnotationsColumn.write(manifest.annotations()))
        .bind("now", database.now())
        .execute();
    return isNew;
  }

  private static void insertReferences(
      Handle handle, Repository repository, Digest digest, Manifest manifest) {
    for (Manifest.Link link : manifest.references()) {
      handle
          .createUpdate(
              """
              insert into manifest_references (repository, manifest, target, kind)
              values (:repository, :manifest, :target, :kind)
              on conflict (repository, manifest, target, kind) do nothing
              """)
          .bind("repository", repository.key())
          .bind("manifest", digest.toString())
          .bind("target", link.digest().toString())
          .bind("kind", link.kind().name())
          .execute();
    }
  }

  private void move(Handle handle, Repository repository, Tag tag, Digest digest) {
    handle
        .createUpdate(
            """
            update manifests set unreferenced_at = :now
             where repository = :repository and digest <> :digest
               and digest = (select digest from tags
                              where repository = :repository and name = :name)
            """)
        .bind("repository", repository.key())
        .bind("name", tag.value())
        .bind("digest", digest.toString())
        .bind("now", database.now())
        .execute();
    handle
        .createUpdate(
            """
            insert into tags (repository, name, digest, updated_at)
            values (:repository, :name, :digest, :now)
            on conflict (repository, name)
              do update set digest = excluded.digest, updated_at = excluded.updated_at
            """)
        .bind("repository", repository.key())
        .bind("name", tag.value())
        .bind("digest", digest.toString())
        .bind("now", database.now())
        .execute();
  }

  private static void requireUnmoved(Handle handle, Repository repository, Tag tag, Digest digest) {
    handle
        .createQuery("select digest from tags where repository = :repository and name = :name")
        .bind("repository", repository.key())
        .bind("name", tag.value())
        .mapTo(String.class)
        .findOne()
        .filter(before -> !before.equals(digest.toString()))
        .ifPresent(
            before -> {
              throw new FixedTagException(tag);
            });
  }

  @Override
  public boolean delete(RepositoryName repository, Reference reference, Predicate<Tag> fixed) {
    return write(
        repository,
        handle ->
            switch (reference) {
              case Tag tag -> {
                requireLoose(handle, "name", repository, tag, fixed);
                yield SqlRepositories.key(handle, repository)
                    .filter(key -> SqlRemovals.removeTag(handle, key, tag, DELETED, database.now()))
                    .isPresent();
              }
              case Digest digest -> {
                requireLoose(handle, "digest", repository, digest, fixed);
                yield SqlRepositories.key(handle, repository)
                    .filter(
                        key ->
                            SqlRemovals.removeManifest(
                                handle, key, digest, DELETED, database.now()))
                    .isPresent();
              }
            });
  }

  private static final String IN_REPOSITORY =
      " = :reference and repository = (select uid from repositories where name = :repository)";

  private static void requireLoose(
      Handle handle,
      String column,
      RepositoryName repository,
      Reference reference,
      Predicate<Tag> fixed) {
    handle
        .createQuery("select name from tags where " + column + IN_REPOSITORY)
        .bind("repository", repository.value())
        .bind("reference", reference.toString())
        .mapTo(String.class)
        .stream()
        .map(Tag::new)
        .filter(fixed)
        .findFirst()
        .ifPresent(
            tag -> {
              throw new FixedTagException(tag);
            });
  }

  /** What others changed of a repository's manifests or tags. */
  void changed(RepositoryName repository) {
    writes.written(repository);
  }

  private <T> T write(RepositoryName repository, Function<Handle, T> statements) {
    try {
      return database.write(statements);
    } finally {
      writes.written(repository);
    }
  }

  @Override
  public List<String> tags(RepositoryName repository, @Nullable String after, int limit) {
    return after == null
        ? listed
            .find(
                repository,
                new Listed(repository, limit),
                () -> Optional.of(ask(repository, "", limit)).filter(tags -> !tags.isEmpty()))
            .orElse(List.of())
        : ask(repository, after, limit);
  }

  private List<String> ask(RepositoryName repository, String after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                        select t.name from repositories r join tags t on t.repository = r.uid
                         where r.name = :name and t.name > :after order by t.name limit :limit
                        """)
                .bind("name", repository.value())
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(String.class)
                .collect(Collectors.toUnmodifiableList()));
  }

  @Override
  public Referrers referrers(
      RepositoryName repository,
      Digest subject,
      @Nullable String artifactType,
      @Nullable String after,
      int limit) {
    return referrers.list(repository, subject, artifactType, after, limit);
  }
}
