package dev.berth.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Random;
import java.util.UUID;
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

  private static InputStream body(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  private static InputStream body(String content) {
    return body(content.getBytes(StandardCharsets.UTF_8));
  }
}
