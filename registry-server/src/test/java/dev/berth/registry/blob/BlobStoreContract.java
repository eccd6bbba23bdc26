package dev.berth.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every blob store must do. */
public abstract class BlobStoreContract {
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, CONTENT);

  private final String upload = UUID.randomUUID().toString();

  /** A store over the same data each time, as after a restart. */
  protected abstract BlobStore open() throws IOException;

  @Test
  void contentIsThereUnderItsDigestOnceItIsCommitted() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      assertThat(staged.append(body(CONTENT), NO_LIMIT)).isEqualTo(CONTENT.length);
      assertThat(store.locate(DIGEST)).doesNotExist();

      staged.commit(staged.digest(DigestAlgorithm.SHA256));
    }

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
    assertThat(store.locate(DIGEST)).hasBinaryContent(CONTENT);
  }

  @Test
  void anUploadGoesOnAfterARestart() throws IOException {
    try (StagedBlob staged = open().begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
    }

    try (StagedBlob staged = open().resume(upload, () -> 5)) {
      assertThat(staged.append(body("content"), NO_LIMIT)).isEqualTo(CONTENT.length);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
      assertThat(staged.digest(DigestAlgorithm.SHA512))
          .isEqualTo(Digest.of(DigestAlgorithm.SHA512, CONTENT));
    }
  }

  @Test
  void theHashGoesOnBetweenTheRequestsOfAnUpload() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      staged.append(body("content"), NO_LIMIT);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
    }
  }

  @Test
  void whatWasNotAcknowledgedIsCutOff() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
      staged.append(body("garbage that is longer than what follows"), NO_LIMIT);
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      staged.append(body("content"), NO_LIMIT);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
      staged.commit(DIGEST);
    }
    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void anUploadIsOpenForOneAtATime() throws IOException {
    BlobStore store = open();
    try (StagedBlob _ = store.begin(upload)) {
      assertThatExceptionOfType(UploadBusyException.class)
          .isThrownBy(() -> store.resume(upload, () -> 0));
      assertThatExceptionOfType(UploadBusyException.class).isThrownBy(() -> store.discard(upload));
    }
    store.resume(upload, () -> 0).close();
  }

  @Test
  void aFinishedUploadCannotBeOpenedAgain() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
    }

    assertThatExceptionOfType(UploadLostException.class)
        .isThrownBy(() -> store.resume(upload, () -> 0));
  }

  @Test
  void anUploadThatLostBytesSaysSo() throws IOException {
    BlobStore store = open();
    store.begin(upload).close();

    assertThatExceptionOfType(UploadLostException.class)
        .isThrownBy(() -> store.resume(upload, () -> 1));
  }

  @Test
  void aDiscardedUploadLeavesNothing() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
    }

    store.discard(upload);
    store.discard(upload);

    assertThatExceptionOfType(UploadLostException.class)
        .isThrownBy(() -> store.resume(upload, () -> 0));
  }

  @Test
  void moreThanTheLimitIsRefused() throws IOException {
    try (StagedBlob staged = open().begin(upload)) {
      assertThatExceptionOfType(TooLargeException.class)
          .isThrownBy(() -> staged.append(body(CONTENT), CONTENT.length - 1));
    }
  }

  @Test
  void aBodyThatFailsIsToldFromAStorageThatFails() throws IOException {
    try (StagedBlob staged = open().begin(upload)) {
      assertThatExceptionOfType(BodyException.class)
          .isThrownBy(() -> staged.append(new BrokenBody(CONTENT), NO_LIMIT));
    }
  }

  @Test
  void aSecondCommitOfTheSameContentSucceeds() throws IOException {
    BlobStore store = open();
    for (int i = 0; i < 2; i++) {
      try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
        staged.append(body(CONTENT), NO_LIMIT);
        staged.commit(DIGEST);
      }
    }

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void deletedContentIsGone() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
    }

    store.delete(DIGEST);
    store.delete(DIGEST);

    assertThat(Files.exists(store.locate(DIGEST))).isFalse();
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.read(DIGEST));
  }

  @Test
  void contentLargerThanAnyBufferComesBackWhole() throws IOException {
    byte[] large = new byte[3 * 1024 * 1024 + 7];
    new Random(1).nextBytes(large);
    Digest digest = Digest.of(DigestAlgorithm.SHA512, large);
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(large), NO_LIMIT);
      assertThat(staged.digest(DigestAlgorithm.SHA512)).isEqualTo(digest);
      staged.commit(digest);
    }

    assertThat(store.read(digest)).isEqualTo(large);
  }

  @Test
  void contentThatWasNeverCommittedCannotBeRead() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);

      assertThatIOException().isThrownBy(() -> store.read(DIGEST));
    }
    assertThatIOException().isThrownBy(() -> store.read(DIGEST));
    assertThat(store.locate(DIGEST)).doesNotExist();
  }

  @Test
  void nothingIsContentToo() throws IOException {
    BlobStore store = open();
    Digest nothing = Digest.of(DigestAlgorithm.SHA256, new byte[0]);
    try (StagedBlob staged = store.begin(upload)) {
      assertThat(staged.read()).isEmpty();
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(nothing);
      staged.commit(nothing);
    }

    assertThat(store.read(nothing)).isEmpty();
  }

  @Test
  void everythingAppendedIsReadAlsoWhatCameBefore() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      staged.append(body("content"), NO_LIMIT);
      assertThat(staged.read()).isEqualTo(CONTENT);
    }
  }

  @Test
  void aDigestIsOfEverythingHoweverOftenItIsAskedFor() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
      Digest before = staged.digest(DigestAlgorithm.SHA256);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(before).isNotEqualTo(DIGEST);
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      staged.append(body("content"), NO_LIMIT);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
    }
  }

  @Test
  void twoUploadsAtOnceDoNotMix() throws IOException {
    BlobStore store = open();
    byte[] other = "something else".getBytes(StandardCharsets.UTF_8);
    Digest otherDigest = Digest.of(DigestAlgorithm.SHA256, other);
    try (StagedBlob one = store.begin(upload);
        StagedBlob two = store.begin(UUID.randomUUID().toString())) {
      one.append(body("some "), NO_LIMIT);
      two.append(body(other), NO_LIMIT);
      one.append(body("content"), NO_LIMIT);
      one.commit(DIGEST);
      two.commit(two.digest(DigestAlgorithm.SHA256));
    }

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
    assertThat(store.read(otherDigest)).isEqualTo(other);
  }

  @Test
  void theLengthIsAskedWhileNobodyElseCanAdd() throws IOException {
    BlobStore store = open();
    store.begin(upload).close();

    store
        .resume(
            upload,
            () -> {
              assertThatExceptionOfType(UploadBusyException.class)
                  .isThrownBy(() -> store.resume(upload, () -> 0));
              return 0;
            })
        .close();
  }

  @Test
  void whoCannotSayTheLengthDoesNotKeepTheUploadOpen() throws IOException {
    BlobStore store = open();
    store.begin(upload).close();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                store.resume(
                    upload,
                    () -> {
                      throw new IllegalStateException("no database");
                    }));

    store.resume(upload, () -> 0).close();
  }

  @Test
  void whatOneReplicaHasOpenIsBusyForAnother() throws IOException {
    BlobStore replica = open();
    try (StagedBlob staged = open().begin(upload)) {
      assertThatExceptionOfType(UploadBusyException.class)
          .isThrownBy(() -> replica.resume(upload, () -> 0));
      assertThatExceptionOfType(UploadBusyException.class)
          .isThrownBy(() -> replica.discard(upload));
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
    }

    assertThat(replica.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void theLimitIsOfAllThatWasAppendedAndMayBeReached() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      assertThat(staged.append(body("some "), CONTENT.length)).isEqualTo(5);
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      assertThat(staged.append(body("content"), CONTENT.length)).isEqualTo(CONTENT.length);
      assertThatExceptionOfType(TooLargeException.class)
          .isThrownBy(() -> staged.append(body("!"), CONTENT.length));
    }
  }

  @Test
  void anUploadWhoseBodyBrokeOffGoesOnFromWhatCounts() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body("some "), NO_LIMIT);
      assertThatExceptionOfType(BodyException.class)
          .isThrownBy(() -> staged.append(new BrokenBody(new byte[] {'x'}), NO_LIMIT));
    }

    try (StagedBlob staged = store.resume(upload, () -> 5)) {
      staged.append(body("content"), NO_LIMIT);
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
    }
  }

  @Test
  void discardingAfterACommitLeavesTheContent() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
      staged.discard();
    }
    store.discard(upload);

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void whatIsWithdrawnIsNoContentAnyMoreAndMayBeCommittedAgain() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
      staged.withdraw();
    }
    assertThat(store.locate(DIGEST)).doesNotExist();

    try (StagedBlob staged = store.resume(upload, () -> CONTENT.length)) {
      assertThat(staged.digest(DigestAlgorithm.SHA256)).isEqualTo(DIGEST);
      staged.commit(DIGEST);
    }

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void whatWasThereBeforeIsNotWithdrawn() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
    }

    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
      staged.withdraw();
      staged.discard();
    }

    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void whatIsLeftTellsWhatItBecame() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
      staged.leave();
      staged.discard();
    }

    assertThat(open().published(upload)).contains(DIGEST);
    assertThat(store.read(DIGEST)).isEqualTo(CONTENT);
  }

  @Test
  void anUploadThatItsOwnerDropsLeavesNothing() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.discard();
    }

    assertThatExceptionOfType(UploadLostException.class)
        .isThrownBy(() -> store.resume(upload, () -> 0));
    store.discard(UUID.randomUUID().toString());
  }

  @Test
  void manyWhoCommitTheSameContentAtOnceAllSucceedAndReadersSeeItWhole() throws Exception {
    BlobStore store = open();
    byte[] large = new byte[1_000_003];
    new Random(2).nextBytes(large);
    Digest digest = Digest.of(DigestAlgorithm.SHA256, large);
    List<Future<byte[]>> read = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        read.add(
            threads.submit(
                () -> {
                  try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
                    staged.append(body(large), NO_LIMIT);
                    staged.commit(staged.digest(DigestAlgorithm.SHA256));
                  }
                  return store.read(digest);
                }));
      }
    }

    for (Future<byte[]> each : read) {
      assertThat(each.get()).isEqualTo(large);
    }
  }

  @Test
  void ofManyWhoOpenAnUploadAtOnceOneHasIt() throws Exception {
    BlobStore store = open();
    store.begin(upload).close();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger opened = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        threads.execute(
            () -> {
              try (StagedBlob staged = store.resume(upload, () -> 0)) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                opened.incrementAndGet();
                staged.append(body(CONTENT), NO_LIMIT);
                inside.decrementAndGet();
              } catch (UploadBusyException e) {
                // Somebody else has it.
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      }
    }

    assertThat(most).hasValue(1);
    assertThat(opened).hasPositiveValue();
    store.resume(upload, () -> 0).close();
  }

  @Test
  void contentThatIsDeletedWhileItIsSentIsSentToItsEnd() throws IOException {
    BlobStore store = open();
    try (StagedBlob staged = store.begin(upload)) {
      staged.append(body(CONTENT), NO_LIMIT);
      staged.commit(DIGEST);
    }

    try (InputStream sent = Files.newInputStream(store.locate(DIGEST))) {
      assertThat(sent.read()).isEqualTo('s');
      store.delete(DIGEST);
      assertThat(sent.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 1, CONTENT.length));
    }
  }

  @Test
  void deletedContentCanBeStoredAnew() throws IOException {
    BlobStore store = open();
    for (int i = 0; i < 2; i++) {
      try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
        staged.append(body(CONTENT), NO_LIMIT);
        staged.commit(DIGEST);
      }
      assertThat(open().read(DIGEST)).isEqualTo(CONTENT);
      store.delete(DIGEST);
    }
  }

  private static InputStream body(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  private static InputStream body(String content) {
    return body(content.getBytes(StandardCharsets.UTF_8));
  }
}
