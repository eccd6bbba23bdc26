package dev.berth.registry.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.collect.ExpiredUploads.Swept;
import dev.berth.registry.content.DigestLocks;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.metadata.Uploads.Ended;
import dev.berth.registry.metadata.Uploads.Receiving;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.RepositoryName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiredUploadsTest {
  private static final Duration EXPIRY = Duration.ofHours(24);

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private MetadataStore metadata;
  private Repository app;
  private BlobStore store;
  private ExpiredUploads expired;

  @BeforeEach
  void open() throws IOException {
    metadata = SqlMetadataStore.sqlite(folder.resolve("berth.db"), clock, 8);
    app = metadata.open(new RepositoryName("app"));
    store = new FilesystemBlobStore(folder.resolve("data"), new RunningHashes());
    expired = new ExpiredUploads(store, metadata, new DigestLocks(), clock, EXPIRY);
  }

  @AfterEach
  void close() {
    metadata.close();
  }

  @Test
  void anUploadThatNobodyGoesOnWithIsDropped() throws IOException {
    Receiving session = receive("one");
    clock.move(EXPIRY);
    assertThat(expired.sweep()).isEqualTo(new Swept(0, 0));
    assertThat(file(session.bytes())).exists();

    clock.move(Duration.ofSeconds(1));
    assertThat(expired.sweep()).isEqualTo(new Swept(1, 0));

    assertThat(file(session.bytes())).doesNotExist();
    assertThat(metadata.uploads().find(app, "one")).contains(new Ended());
  }

  @Test
  void manyUploadsAreDroppedInOneSweep() throws IOException {
    for (int i = 0; i < 250; i++) {
      receive("session-" + i);
    }
    clock.move(EXPIRY.plusSeconds(1));

    assertThat(expired.sweep()).isEqualTo(new Swept(250, 0));
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  @Test
  void anUploadThatWentOnIsKept() throws IOException {
    Receiving session = receive("one");
    clock.move(EXPIRY);
    metadata.uploads().advance(session, 9);
    clock.move(EXPIRY);

    assertThat(expired.sweep()).isEqualTo(new Swept(0, 0));
    assertThat(file(session.bytes())).exists();
  }

  @Test
  void anUploadThatReceivesRightNowGoesOn() throws IOException {
    Receiving session = receive("one");
    clock.move(EXPIRY.plusSeconds(1));
    try (StagedBlob staged = store.resume(session.bytes(), session::received)) {
      assertThat(expired.sweep()).isEqualTo(new Swept(0, 0));

      staged.append(new ByteArrayInputStream(new byte[3]), 6);
      assertThat(metadata.uploads().advance(session, 6)).isTrue();
    }
    assertThat(file(session.bytes())).hasSize(6);
  }

  @Test
  void aSessionWhoseBytesAreLostExpiresAsWell() throws IOException {
    Receiving session = receive("one");
    store.discard(session.bytes());
    clock.move(EXPIRY.plusSeconds(1));

    assertThat(expired.sweep()).isEqualTo(new Swept(1, 0));
    assertThat(metadata.uploads().find(app, "one")).contains(new Ended());
  }

  /** Its process ended between the name of its content and the row of it. */
  @Test
  void whatASessionBecameThatNeverEndedIsDroppedWithIt() throws IOException {
    Receiving session = receive("one");
    Digest digest = Digest.of(DigestAlgorithm.SHA256, new byte[3]);
    try (StagedBlob staged = store.resume(session.bytes(), session::received)) {
      staged.commit(digest);
      staged.leave();
    }
    clock.move(EXPIRY.plusSeconds(1));

    assertThat(expired.sweep()).isEqualTo(new Swept(1, 0));

    assertThat(store.locate(digest)).doesNotExist();
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  @Test
  void whatASessionBecameStaysWhereSomethingNamesIt() throws IOException {
    Receiving session = receive("one");
    Digest digest = Digest.of(DigestAlgorithm.SHA256, new byte[3]);
    try (StagedBlob staged = store.resume(session.bytes(), session::received)) {
      staged.commit(digest);
      staged.leave();
    }
    metadata.blobs().add(app, digest, 3, Room.UNLIMITED);
    clock.move(EXPIRY.plusSeconds(1));

    assertThat(expired.sweep()).isEqualTo(new Swept(1, 0));

    assertThat(store.locate(digest)).hasSize(3);
  }

  @Test
  void whatTheFileSystemPutsThereIsLeftAlone() throws IOException {
    Path found = Files.createDirectory(folder.resolve("data/_uploads/lost+found"));
    Files.setLastModifiedTime(found, FileTime.from(clock.instant()));
    String left = UUID.randomUUID().toString();
    store.begin(left).close();
    writtenNow(left);
    clock.move(EXPIRY.plusSeconds(1));

    assertThat(expired.sweep()).isEqualTo(new Swept(0, 1));
    assertThat(found).exists();
  }

  @Test
  void whatAKilledProcessLeftIsDropped() throws IOException {
    String left = UUID.randomUUID().toString();
    store.begin(left).close();
    writtenNow(left);
    clock.move(EXPIRY);
    assertThat(expired.sweep()).isEqualTo(new Swept(0, 0));

    clock.move(Duration.ofSeconds(1));
    assertThat(expired.sweep()).isEqualTo(new Swept(0, 1));
    assertThat(file(left)).doesNotExist();
  }

  @Test
  void whatSomebodyStillWritesToIsKept() throws IOException {
    String writing = UUID.randomUUID().toString();
    try (StagedBlob _ = store.begin(writing)) {
      writtenNow(writing);
      clock.move(EXPIRY.plusSeconds(1));

      assertThat(expired.sweep()).isEqualTo(new Swept(0, 0));
      assertThat(file(writing)).exists();
    }
  }

  @Test
  void sessionsThatEndedAreForgottenOnceTheirIdsAreWorthNothing() throws IOException {
    metadata.uploads().cancel(app, "one");
    clock.move(Duration.ofHours(1));
    expired.sweep();
    assertThat(metadata.uploads().find(app, "one")).contains(new Ended());

    clock.move(Duration.ofSeconds(1));
    expired.sweep();
    assertThat(metadata.uploads().find(app, "one")).isEmpty();
  }

  private Receiving receive(String id) throws IOException {
    String bytes = UUID.randomUUID().toString();
    try (StagedBlob staged = store.begin(bytes)) {
      staged.append(new ByteArrayInputStream(new byte[3]), 3);
    }
    writtenNow(bytes);
    assertThat(metadata.uploads().begin(app, id, bytes, 3, "user alice")).isTrue();
    return new Receiving(id, bytes, 3);
  }

  /** The disk's clock is another one. */
  private void writtenNow(String bytes) throws IOException {
    Files.setLastModifiedTime(file(bytes), FileTime.from(clock.instant()));
  }

  private Path file(String bytes) {
    return folder.resolve("data/_uploads").resolve(bytes);
  }
}
