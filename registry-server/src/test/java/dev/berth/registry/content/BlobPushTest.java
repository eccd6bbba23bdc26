package dev.berth.registry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.blob.BrokenBody;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.TooLargeException;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.quota.Quotas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobPushTest {
  private static final RepositoryName APP = new RepositoryName("app");
  private static final String ALICE = "user alice";
  private static final int UPLOADS = 3;
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, CONTENT);

  private static final String FAILURE = "select raise(abort, 'disk I/O error'); end";

  @TempDir private Path folder;
  private MetadataStore metadata;
  private FullDisk disk;
  private final MutableClock clock = new MutableClock();
  private BlobPush push;

  @BeforeEach
  void open() throws IOException {
    metadata = SqlMetadataStore.sqlite(folder.resolve("berth.db"), clock, 8);
    disk = new FullDisk(new FilesystemBlobStore(folder.resolve("data"), new RunningHashes()));
    push = push(metadata);
  }

  private BlobPush push(MetadataStore store) {
    return new BlobPush(
        disk,
        store,
        new UploadIds(metadata),
        new DigestLocks(),
        new Quotas(new PolicyInForce(clock), metadata),
        clock,
        configuration(folder, CONTENT.length));
  }

  @AfterEach
  void close() {
    metadata.close();
  }

  @Test
  void aFullDiskDropsTheSessionAndItsBytes() throws IOException {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    disk.fill();

    assertThatIOException()
        .isThrownBy(() -> push.append(push.find(APP, upload.id()), ALICE, null, rest()))
        .withMessage("No space left on device");

    assertDropped(upload);
  }

  @Test
  void aFullDiskDropsABlobThatCameWhole() {
    disk.fill();

    assertThatIOException().isThrownBy(() -> push.whole(APP, DIGEST, content()));

    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
    assertThat(metadata.blobs().size(APP, DIGEST)).isEmpty();
  }

  @Test
  void aBlobThatTheDatabaseDoesNotTakeLeavesNoFile() throws SQLException {
    sql("create trigger broken before insert on repository_blobs begin " + FAILURE);

    assertThatThrownBy(() -> push.whole(APP, DIGEST, content()))
        .hasMessageContaining("disk I/O error");

    assertThat(disk.locate(DIGEST)).doesNotExist();
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  @Test
  void aSessionThatTheDatabaseDoesNotEndLeavesNoFileAndCanBeEndedLater() throws Exception {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, content());
    sql("create trigger broken before insert on repository_blobs begin " + FAILURE);

    assertThatThrownBy(() -> push.finish(push.find(APP, upload.id()), null, nothing(), DIGEST))
        .hasMessageContaining("disk I/O error");
    assertThat(disk.locate(DIGEST)).doesNotExist();

    sql("drop trigger broken");
    push.finish(push.find(APP, upload.id()), null, nothing(), DIGEST);
    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  @Test
  void contentThatAnotherRepositoryHoldsStaysWhereThisOneCannotTakeIt() throws Exception {
    push.whole(new RepositoryName("other"), DIGEST, content());
    sql("create trigger broken before insert on repository_blobs begin " + FAILURE);

    assertThatThrownBy(() -> push.whole(APP, DIGEST, content()))
        .hasMessageContaining("disk I/O error");

    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void whereTheDatabaseCannotBeAskedWhetherItNamesTheContentTheTraceStays() throws Exception {
    sql("create trigger broken before insert on repository_blobs begin " + FAILURE);
    BlobPush unsure = push(withoutAnswers());

    assertThatThrownBy(() -> unsure.whole(APP, DIGEST, content()))
        .hasMessageContaining("disk I/O error");

    try (Stream<Path> traces = Files.list(folder.resolve("data/_uploads"))) {
      assertThat(traces.map(trace -> trace.getFileName().toString()).toList())
          .singleElement()
          .satisfies(trace -> assertThat(disk.published(trace)).contains(DIGEST));
    }
  }

  @Test
  void aSessionThatIsCancelledBeforeItIsKnownWhetherItsContentIsNamedLeavesTheTrace()
      throws Exception {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, content());
    sql("create trigger broken before insert on repository_blobs begin " + FAILURE);
    BlobPush unsure = push(withoutAnswers());
    assertThatThrownBy(() -> unsure.finish(push.find(APP, upload.id()), null, nothing(), DIGEST))
        .hasMessageContaining("disk I/O error");
    String trace = Objects.requireNonNull(push.find(APP, upload.id()).receiving()).bytes();

    push.cancel(push.find(APP, upload.id()));

    assertThat(disk.published(trace)).contains(DIGEST);
  }

  /** A database that fails as soon as it is asked what it knows of content. */
  private MetadataStore withoutAnswers() {
    return (MetadataStore)
        Proxy.newProxyInstance(
            MetadataStore.class.getClassLoader(),
            new Class<?>[] {MetadataStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("collection")) {
                throw new IllegalStateException("no answer");
              }
              return method.invoke(metadata, arguments);
            });
  }

  private void sql(String statement) throws SQLException {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("berth.db"))) {
      database.createStatement().executeUpdate(statement);
    }
  }

  private static InputStream nothing() {
    return InputStream.nullInputStream();
  }

  @Test
  void aBlobThatIsTooLargeIsDropped() throws IOException {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, content());

    assertThatExceptionOfType(TooLargeException.class)
        .isThrownBy(() -> push.append(push.find(APP, upload.id()), ALICE, null, content()));

    assertDropped(upload);
  }

  @Test
  void aBodyThatBreaksOffKeepsWhatWasAcknowledged() throws IOException {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    BrokenBody broken = new BrokenBody(new byte[] {'x', 'x'});

    assertThatIOException()
        .isThrownBy(() -> push.append(push.find(APP, upload.id()), ALICE, null, broken));

    Upload after = push.find(APP, upload.id());
    assertThat(after.received()).isEqualTo(3);
    push.finish(after, null, rest(), DIGEST);
    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void ofTwoFirstChunksAtOnceOneIsKept() throws IOException {
    Upload seenByBoth = push.start(APP);
    push.append(seenByBoth, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));

    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> push.append(seenByBoth, ALICE, null, content()))
        .extracting(OciException::status)
        .isEqualTo(409);

    assertThat(push.find(APP, seenByBoth.id()).received()).isEqualTo(3);
    try (Stream<Path> files = Files.list(folder.resolve("data/_uploads"))) {
      assertThat(files).hasSize(1);
    }
    push.finish(push.find(APP, seenByBoth.id()), null, rest(), DIGEST);
    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void aSessionWhoseBytesAreLostIsUnknown() throws IOException {
    Upload fresh = push.start(APP);
    push.append(fresh, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    Upload upload = push.find(APP, fresh.id());
    disk.discard(Objects.requireNonNull(upload.receiving()).bytes());

    assertUnknown(() -> push.append(upload, ALICE, null, rest()));
    assertUnknown(() -> push.find(APP, upload.id()));
  }

  @Test
  void aSessionThatNothingWasSentToLeavesNothingAndEndsAfterAnHour() throws IOException {
    Upload upload = push.start(APP);
    assertThat(push.append(upload, ALICE, null, InputStream.nullInputStream())).isZero();
    assertThat(metadata.find(APP)).isEmpty();
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();

    clock.move(Duration.ofHours(1));
    assertThat(push.find(APP, upload.id()).received()).isZero();
    clock.move(Duration.ofSeconds(1));
    assertUnknown(() -> push.find(APP, upload.id()));
  }

  @Test
  void aFinishedSessionDoesNotBeginAnew() throws IOException {
    Upload upload = push.start(APP);
    push.finish(upload, null, content(), DIGEST);

    assertUnknown(() -> push.find(APP, upload.id()));
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  @Test
  void aCancelledSessionDoesNotBeginAnew() throws IOException {
    Upload upload = push.start(APP);
    push.cancel(upload);

    assertUnknown(() -> push.find(APP, upload.id()));
  }

  @Test
  void aCallerLeavesOnlySoManyUploadsUnfinished() throws IOException {
    Upload first = push.start(APP);
    push.append(first, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    for (int i = 1; i < UPLOADS; i++) {
      push.append(push.start(APP), ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    }

    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> push.append(push.start(APP), ALICE, null, content()))
        .satisfies(
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
              assertThat(refused.headers()).containsKey("Retry-After");
            });

    push.append(push.start(APP), "user bob", null, content());
    push.finish(push.start(APP), null, content(), DIGEST);
    push.finish(push.find(APP, first.id()), null, rest(), DIGEST);
    push.append(push.start(APP), ALICE, null, content());
  }

  @Test
  void aSessionGoesOnForLongerThanItMayWaitForItsFirstByte() throws IOException {
    Upload upload = push.start(APP);
    push.append(upload, ALICE, null, new ByteArrayInputStream(CONTENT, 0, 3));
    clock.move(Duration.ofHours(2));

    push.finish(push.find(APP, upload.id()), null, rest(), DIGEST);

    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void anotherProcessGoesOnWithASessionThatNothingWasSentTo() throws IOException {
    Upload upload = push.start(APP);
    BlobPush elsewhere = push(metadata);

    elsewhere.finish(elsewhere.find(APP, upload.id()), null, content(), DIGEST);

    assertThat(disk.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void anIdOfAnotherRepositoryOrOfNobodyIsUnknown() {
    String id = push.start(APP).id();
    metadata.open(new RepositoryName("other"));
    char last = id.charAt(id.length() - 1);
    String forged = id.substring(0, id.length() - 1) + (char) (last == 'A' ? 'B' : last - 1);

    assertUnknown(() -> push.find(new RepositoryName("other"), id));
    assertUnknown(() -> push.find(new RepositoryName("nowhere"), id));
    assertUnknown(() -> push.find(APP, forged));
    assertUnknown(() -> push.find(APP, "%".repeat(id.length())));
    assertUnknown(() -> push.find(APP, ""));
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatExceptionOfType(OciException.class)
        .isThrownBy(call)
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.BLOB_UPLOAD_UNKNOWN);
  }

  private void assertDropped(Upload upload) {
    assertUnknown(() -> push.find(APP, upload.id()));
    assertThat(folder.resolve("data/_uploads")).isEmptyDirectory();
  }

  private static InputStream content() {
    return new ByteArrayInputStream(CONTENT);
  }

  private static InputStream rest() {
    return new ByteArrayInputStream(CONTENT, 3, CONTENT.length - 3);
  }

  private static RegistryConfiguration configuration(Path folder, long maxBlobBytes) {
    return new RegistryConfiguration(
        new RegistryConfiguration.Http("127.0.0.1", 0, List.of("127.0.0.1"), null),
        null,
        new RegistryConfiguration.Storage(new RegistryConfiguration.Filesystem(folder)),
        new RegistryConfiguration.Metadata(new RegistryConfiguration.Embedded(folder)),
        new RegistryConfiguration.Authentication(
            null, null, null, List.of(), null, Duration.ofMinutes(5)),
        null,
        new RegistryConfiguration.Limits(
            1,
            maxBlobBytes,
            1,
            8,
            1,
            UPLOADS,
            Duration.ofMinutes(1),
            new RegistryConfiguration.Connections(10_000, 256, Duration.ofSeconds(15), 1024),
            new RegistryConfiguration.Requests(0, 1),
            new RegistryConfiguration.WrongPasswords(20, 20)),
        new RegistryConfiguration.GarbageCollection(
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofMinutes(1)),
        new RegistryConfiguration.Logging(
            RegistryConfiguration.Level.INFO, RegistryConfiguration.Format.TEXT, true));
  }
}
