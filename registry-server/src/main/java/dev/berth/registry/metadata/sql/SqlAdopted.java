package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Adoption.Blob;
import dev.berth.registry.metadata.Adoption.Image;
import dev.berth.registry.metadata.Adoption.Name;
import dev.berth.registry.metadata.Adoption.Part;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.RepositoryName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Adds what was adopted, many rows with one statement, in the transaction of another. Rows that are
 * there stay as they are, removed ones too. Nothing is noted for garbage collection: what no tag
 * names, or no manifest, was kept until now and is kept on.
 */
final class SqlAdopted {
  private final Handle handle;
  private final long now;

  SqlAdopted(Handle handle, long now) {
    this.handle = handle;
    this.now = now;
  }

  /** How many rows are new. */
  record Added(long blobs, long manifests, long tags) {}

  Added add(RepositoryName name, Part part) {
    String repository =
        SqlRepositories.find(handle, name)
            .orElseGet(() -> SqlRepositories.create(handle, name, now))
            .key();
    List<Blob> blobs = blobs(repository, part.found(Blob.class));
    List<Image> manifests = manifests(repository, part.found(Image.class));
    count(
        blobs, Blob::digest, Blob::size, (d, bytes) -> SqlUsage.held(handle, repository, d, bytes));
    count(
        manifests,
        Image::digest,
        Image::size,
        (d, bytes) -> SqlUsage.held(handle, repository, d, bytes));
    return new Added(blobs.size(), manifests.size(), tags(repository, part.found(Name.class)));
  }

  private List<Blob> blobs(String repository, List<Blob> blobs) {
    store(blobs, Blob::digest, Blob::size);
    return inserted(
        """
        insert into repository_blobs (repository, digest, linked_at)
        values (:repository, :digest, :at) on conflict (repository, digest) do nothing
        """,
        blobs,
        (batch, blob) ->
            batch
                .bind("repository", repository)
                .bind("digest", blob.digest().toString())
                .bind("at", blob.linkedAt().toEpochMilli()));
  }

  private List<Image> manifests(String repository, List<Image> images) {
    store(images, Image::digest, Image::size);
    List<Image> added =
        inserted(
            """
            insert into manifests
              (repository, digest, media_type, artifact_type, subject, annotations, pushed_at)
            values (:repository, :digest, :mediaType, :artifactType, :subject, :annotations, :at)
            on conflict (repository, digest) do nothing
            """,
            images,
            (batch, image) -> {
              Manifest manifest = image.manifest();
              Digest subject = manifest.subject();
              batch
                  .bind("repository", repository)
                  .bind("digest", image.digest().toString())
                  .bind("mediaType", manifest.mediaType())
                  .bind("artifactType", manifest.artifactType())
                  .bind("subject", subject == null ? null : subject.toString())
                  .bind("annotations", AnnotationsColumn.write(manifest.annotations()))
                  .bind("at", image.pushedAt().toEpochMilli());
            });
    references(repository, added);
    return added;
  }

  private void references(String repository, List<Image> images) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into manifest_references (repository, manifest, target, kind)
            values (:repository, :manifest, :target, :kind)
            on conflict (repository, manifest, target, kind) do nothing
            """);
    for (Image image : images) {
      for (Manifest.Link link : image.manifest().references()) {
        batch
            .bind("repository", repository)
            .bind("manifest", image.digest().toString())
            .bind("target", link.digest().toString())
            .bind("kind", link.kind().name())
            .add();
      }
    }
    batch.execute();
  }

  /** A tag that was removed lately is for undo to bring back. */
  private long tags(String repository, List<Name> tags) {
    return inserted(
            """
            insert into tags (repository, name, digest, updated_at)
            select repository, cast(:name as varchar(128)), digest, :at from manifests
             where repository = :repository and digest = :digest and removed_at is null
               and not exists (select 1 from removed_tags
                                where repository = :repository and name = :name)
            on conflict (repository, name) do nothing
            """,
            tags,
            (batch, tag) ->
                batch
                    .bind("repository", repository)
                    .bind("name", tag.tag().value())
                    .bind("digest", tag.digest().toString())
                    .bind("at", tag.pushedAt().toEpochMilli()))
        .size();
  }

  private <T> void store(List<T> contents, Function<T, Digest> digest, ToLongFunction<T> size) {
    List<T> added =
        inserted(
            "insert into blobs (digest, size, created_at) values (:digest, :size, :now)"
                + " on conflict (digest) do nothing",
            contents,
            (batch, content) ->
                batch
                    .bind("digest", digest.apply(content).toString())
                    .bind("size", size.applyAsLong(content))
                    .bind("now", now));
    count(added, digest, size, (d, bytes) -> SqlUsage.stored(handle, d, bytes));
    if (added.size() < contents.size()) {
      inserted(
          "update blobs set erase_at = null, erasing = 0"
              + " where digest = :digest and erase_at is not null",
          contents,
          (batch, content) -> batch.bind("digest", digest.apply(content).toString()));
    }
  }

  /** Those whose statement changed a row. */
  private <T> List<T> inserted(
      String statement, List<T> values, BiConsumer<PreparedBatch, T> binding) {
    PreparedBatch batch = handle.prepareBatch(statement);
    for (T value : values) {
      binding.accept(batch, value);
      batch.add();
    }
    int[] changed = batch.execute();
    List<T> added = new ArrayList<>();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] > 0) {
        added.add(values.get(i));
      }
    }
    return added;
  }

  /** Bytes of many at once: one row a digit is changed, not one for each. */
  private static <T> void count(
      List<T> contents,
      Function<T, Digest> digest,
      ToLongFunction<T> size,
      BiConsumer<Digest, Long> row) {
    Map<Character, Digest> one = new HashMap<>();
    Map<Character, Long> bytes = new HashMap<>();
    for (T content : contents) {
      char shard = digest.apply(content).hex().charAt(0);
      one.putIfAbsent(shard, digest.apply(content));
      bytes.merge(shard, size.applyAsLong(content), Long::sum);
    }
    bytes.forEach((shard, sum) -> row.accept(one.get(shard), sum));
  }
}
