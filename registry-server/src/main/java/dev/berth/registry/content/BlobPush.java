package dev.berth.registry.content;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.BodyException;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.UploadBusyException;
import dev.berth.registry.blob.UploadLostException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.metadata.Uploads.Ended;
import dev.berth.registry.metadata.Uploads.Receiving;
import dev.berth.registry.metadata.Uploads.Session;
import dev.berth.registry.oci.ChunkRange;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.quota.Allowance;
import dev.berth.registry.quota.Quotas;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes blobs in. A session's bytes count once the metadata says so: whatever breaks off before
 * leaves the session as it was.
 */
@Singleton
public final class BlobPush {
  /** Nearly every image of a registry may share a blob such as an empty one. */
  private static final int MAX_HOLDERS = 1000;

  /** How long a session may wait for its first byte. */
  public static final Duration FIRST_BYTE = Duration.ofHours(1);

  private static final long RETRY_AFTER_SECONDS = 60;

  private final BlobStore store;
  private final MetadataStore metadata;
  private final UploadIds ids;
  private final ContentCommit commits;
  private final Quotas quotas;
  private final Clock clock;
  private final long maxBytes;
  private final int maxUploads;

  BlobPush(
      BlobStore store,
      MetadataStore metadata,
      UploadIds ids,
      DigestLocks locks,
      Quotas quotas,
      Clock clock,
      RegistryConfiguration configuration) {
    this.store = store;
    this.metadata = metadata;
    this.ids = ids;
    this.commits = new ContentCommit(metadata, locks);
    this.quotas = quotas;
    this.clock = clock;
    this.maxBytes = configuration.limits().blobBytes();
    this.maxUploads = configuration.limits().uploads();
  }

  /** Begins a session. */
  public Upload start(RepositoryName name) {
    return new Upload(name, ids.issue(name, clock.instant()), null);
  }

  /** Takes a blob that comes whole in one request, without a session. */
  public void whole(RepositoryName name, Digest expected, InputStream body) throws IOException {
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      try {
        long size = staged.append(body, maxBytes);
        verify(staged, expected);
        store(
            name,
            staged,
            expected,
            size,
            room -> metadata.blobs().add(metadata.open(name), expected, size, room));
      } finally {
        staged.discard();
      }
    }
  }

  /**
   * Where a blob can be taken from: this repository alone if it holds the blob, else others, of
   * many some.
   */
  public List<RepositoryName> holders(RepositoryName name, Digest digest) {
    return metadata.blobs().size(name, digest).isPresent()
        ? List.of(name)
        : metadata.blobs().holders(digest, MAX_HOLDERS);
  }

  /** Whether the blob could be taken from a repository that the caller may pull from. */
  public boolean mount(RepositoryName name, RepositoryName from, Digest digest) {
    return metadata.blobs().canBeMounted(from, digest)
        && mountWithin(quotas.of(name), name, from, digest);
  }

  private boolean mountWithin(
      Allowance allowance, RepositoryName name, RepositoryName from, Digest digest) {
    try {
      return metadata.blobs().mount(metadata.open(name), from, digest, allowance.room());
    } catch (Room.ExceededException e) {
      throw allowance.refusal(e);
    }
  }

  /**
   * The session as it stands.
   *
   * @throws OciException BLOB_UPLOAD_UNKNOWN
   */
  public Upload find(RepositoryName name, String id) {
    Instant begun = ids.begun(name, id).orElseThrow(BlobPush::unknown);
    Session session =
        metadata
            .find(name)
            .flatMap(repository -> metadata.uploads().find(repository, id))
            .orElse(null);
    return switch (session) {
      case Receiving receiving -> new Upload(name, id, receiving);
      case Ended _ -> throw unknown();
      case null -> {
        if (begun.plus(FIRST_BYTE).isBefore(clock.instant())) {
          throw unknown();
        }
        yield new Upload(name, id, null);
      }
    };
  }

  /**
   * Adds a chunk.
   *
   * @param principal whom a session counts for that receives its first bytes
   * @param range null: the body follows what is there
   * @return bytes of the session afterwards
   * @throws UploadOffsetException where the range does not follow what is there
   */
  public long append(Upload upload, String principal, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    requireNext(upload, range);
    Receiving before = upload.receiving();
    return before == null
        ? begin(upload, principal, range, body)
        : add(upload, before, range, body);
  }

  private long begin(Upload upload, String principal, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    requireFew(principal);
    String bytes = UUID.randomUUID().toString();
    try (StagedBlob staged = store.begin(bytes)) {
      boolean kept = false;
      try {
        long received = take(upload, staged, range, body);
        if (received == 0) {
          return 0;
        }
        kept =
            metadata
                .uploads()
                .begin(metadata.open(upload.repository()), upload.id(), bytes, received, principal);
        if (!kept) {
          find(upload.repository(), upload.id());
          throw busy();
        }
        return received;
      } finally {
        if (!kept) {
          staged.discard();
        }
      }
    }
  }

  private long add(Upload upload, Receiving before, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    try (StagedBlob staged = resume(upload, before)) {
      long received = take(upload, staged, range, body);
      if (!metadata.uploads().advance(before, received)) {
        find(upload.repository(), upload.id());
        throw busy();
      }
      return received;
    }
  }

  /**
   * Ends a session, with its last chunk if there is a body.
   *
   * @throws UploadOffsetException where the range does not follow what is there
   */
  public void finish(Upload upload, @Nullable ChunkRange range, InputStream body, Digest expected)
      throws IOException {
    requireNext(upload, range);
    Receiving before = upload.receiving();
    if (before != null) {
      try (StagedBlob staged = resume(upload, before)) {
        finish(upload, staged, range, body, expected);
      }
      return;
    }
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      try {
        finish(upload, staged, range, body, expected);
      } finally {
        staged.discard();
      }
    }
  }

  private void finish(
      Upload upload,
      StagedBlob staged,
      @Nullable ChunkRange range,
      InputStream body,
      Digest expected)
      throws IOException {
    long size = take(upload, staged, range, body);
    try {
      verify(staged, expected);
    } catch (OciException e) {
      drop(upload, staged);
      throw e;
    }
    store(
        upload.repository(),
        staged,
        expected,
        size,
        room ->
            metadata
                .uploads()
                .complete(metadata.open(upload.repository()), upload.id(), expected, size, room));
  }

  /** What does not fit is stored by then, and is noted as named by nothing. */
  private void store(
      RepositoryName name, StagedBlob staged, Digest digest, long size, Consumer<Room> rows)
      throws IOException {
    commits.carryOut(
        staged,
        digest,
        () -> {
          staged.commit(digest);
          Allowance allowance = quotas.of(name);
          try {
            rows.accept(allowance.room());
          } catch (Room.ExceededException e) {
            metadata.collection().noteUnnamed(digest, size);
            throw allowance.refusal(e);
          }
          return digest;
        });
  }

  /**
   * Lets bytes come that fit, as far as is known before they do.
   *
   * @param digest of what comes, which costs nothing where the repository holds it; null: not known
   * @param bytes that come; below zero: nobody knows how many
   * @throws OciException DENIED
   */
  public void requireRoom(RepositoryName name, @Nullable Digest digest, long bytes) {
    if (digest == null || metadata.blobs().find(name, digest).isEmpty()) {
      quotas.requireRoom(name, bytes);
    }
  }

  /** Ends a session and drops its bytes. */
  public void cancel(Upload upload) throws IOException {
    Receiving before = upload.receiving();
    if (before != null) {
      try {
        // What is stored by that name already is looked after by ExpiredUploads.
        if (store.published(before.bytes()).isEmpty()) {
          store.discard(before.bytes());
        }
      } catch (UploadBusyException e) {
        throw busy();
      }
    }
    end(upload);
  }

  private void requireFew(String principal) {
    if (metadata.uploads().receiving(principal, maxUploads) == maxUploads) {
      throw OciException.tooManyRequests(
          "you have "
              + maxUploads
              + " uploads that are not finished; finish them, end them with DELETE, or wait until they"
              + " expire",
          RETRY_AFTER_SECONDS);
    }
  }

  private static void requireNext(Upload upload, @Nullable ChunkRange range) {
    if (range != null && range.first() != upload.received()) {
      throw new UploadOffsetException(upload);
    }
  }

  private long take(Upload upload, StagedBlob staged, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    try {
      long received = staged.append(body, maxBytes);
      if (range != null && received != range.last() + 1) {
        throw new OciException(
            ErrorCode.SIZE_INVALID, "the body is not as long as Content-Range says");
      }
      return received;
    } catch (BodyException e) {
      throw e;
    } catch (IOException e) {
      // The disk is full, or the blob larger than any may be: nothing good comes of going on.
      drop(upload, staged);
      throw e;
    }
  }

  private StagedBlob resume(Upload upload, Receiving before) throws IOException {
    try {
      return store.resume(before.bytes(), () -> unchanged(upload, before));
    } catch (UploadBusyException e) {
      throw busy();
    } catch (UploadLostException e) {
      end(upload);
      throw unknown();
    }
  }

  /** Another request may have added to the session before this one could open it. */
  private long unchanged(Upload upload, Receiving before) {
    if (!before.equals(find(upload.repository(), upload.id()).receiving())) {
      throw busy();
    }
    return before.received();
  }

  private void drop(Upload upload, StagedBlob staged) throws IOException {
    staged.discard();
    end(upload);
  }

  private void end(Upload upload) {
    metadata.uploads().cancel(metadata.open(upload.repository()), upload.id());
  }

  private static void verify(StagedBlob staged, Digest expected) throws IOException {
    if (!staged.digest(expected.algorithm()).equals(expected)) {
      throw new OciException(
          ErrorCode.DIGEST_INVALID,
          "the content does not have the digest " + expected + "; nothing was stored");
    }
  }

  private static OciException unknown() {
    return new OciException(
        ErrorCode.BLOB_UPLOAD_UNKNOWN, "there is no such upload; start it again with POST");
  }

  private static OciException busy() {
    return new OciException(
        ErrorCode.BLOB_UPLOAD_INVALID,
        409,
        "another request is writing to this upload; ask for its status when that has ended",
        Map.of());
  }
}
