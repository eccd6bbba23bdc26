package dev.berth.registry.fsck;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.blob.filesystem.FilesystemStoredFiles;
import dev.berth.registry.fsck.StorageCheck.Options;
import dev.berth.registry.fsck.StorageCheck.Summary;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.Mending;
import dev.berth.registry.metadata.sql.SqlInspection;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A folder and a database with images, which a test damages and has checked. */
public final class CheckedRegistry implements AutoCloseable {
  static final Duration GRACE = Duration.ofHours(24);

  final MutableClock clock = new MutableClock();
  final Path data;
  final SqlMetadataStore metadata;
  private final FilesystemBlobStore store;

  public CheckedRegistry(Path folder) throws IOException {
    this.data = folder.resolve("data");
    this.metadata = SqlMetadataStore.sqlite(data.resolve("berth.db"), clock, 8);
    this.store = new FilesystemBlobStore(data, new RunningHashes());
  }

  /** Stores content and lets nothing name it. */
  Digest storeAlone(String content) throws IOException {
    Digest digest = digest(content);
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      staged.append(new ByteArrayInputStream(content.getBytes(UTF_8)), Long.MAX_VALUE);
      staged.commit(digest);
    }
    return digest;
  }

  Digest pushBlob(String repository, String content) throws IOException {
    Digest digest = storeAlone(content);
    metadata.blobs().add(metadata.open(new RepositoryName(repository)), digest, content.length());
    return digest;
  }

  /** An image of one layer; its manifest's content is the layer's with a word before it. */
  public Digest pushImage(String repository, String tag, String layer) throws IOException {
    Digest blob = pushBlob(repository, layer);
    String content = "manifest of " + layer;
    Digest digest = storeAlone(content);
    metadata
        .manifests()
        .put(
            metadata.open(new RepositoryName(repository)),
            digest,
            content.length(),
            new Manifest(
                MediaTypes.OCI_MANIFEST,
                null,
                null,
                List.of(new Manifest.Link(Manifest.Kind.LAYER, blob)),
                Map.of()),
            Set.of(new Tag(tag)),
            _ -> false);
    return digest;
  }

  static Digest digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8));
  }

  Path file(Digest digest) {
    return store.locate(digest);
  }

  public void damage(String content, String instead) throws IOException {
    Files.writeString(file(digest(content)), instead);
  }

  /** Behind the server's back, as a bug or an old copy would leave it. */
  void sql(String statement) {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("berth.db"))) {
      database.createStatement().executeUpdate("pragma foreign_keys = off");
      database.createStatement().executeUpdate(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was found, in its order, and the summary. */
  record Checked(List<Finding> findings, Summary summary) {
    List<Finding.Kind> kinds() {
      return findings.stream().map(Finding::kind).toList();
    }
  }

  /** Through a database that cannot be written to. */
  Checked look() throws Exception {
    return look(true);
  }

  Checked look(boolean everyByte) throws Exception {
    try (SqlInspection rows = SqlInspection.sqlite(data.resolve("berth.db"))) {
      return check(rows, files(), everyByte, null, clock);
    }
  }

  Checked repair() throws Exception {
    return repair(files(), metadata.mending());
  }

  Checked repair(StoredFiles files, Mending mending) throws Exception {
    return check(metadata.inspection(), files, true, mending, clock);
  }

  /** When all that was pushed until now is older than the grace. */
  Checked repairLater() throws Exception {
    return check(metadata.inspection(), files(), true, metadata.mending(), later());
  }

  Checked lookLater() throws Exception {
    return check(metadata.inspection(), files(), true, null, later());
  }

  /** The files' times are the disk's. */
  private static Clock later() {
    return Clock.offset(Clock.systemUTC(), GRACE.plusMinutes(1));
  }

  StoredFiles files() {
    return new FilesystemStoredFiles(data);
  }

  private static Checked check(
      Inspection rows, StoredFiles files, boolean everyByte, @Nullable Mending mending, Clock clock)
      throws Exception {
    List<Finding> findings = new ArrayList<>();
    Summary summary =
        new StorageCheck(
                rows,
                files,
                new ContentHashes(files, 1L << 40),
                clock,
                new Options(everyByte, GRACE, mending))
            .run(findings::add);
    return new Checked(findings, summary);
  }

  @Override
  public void close() {
    metadata.close();
  }
}
