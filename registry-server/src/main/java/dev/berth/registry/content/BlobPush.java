package dev.berth.registry.content;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.BodyException;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.UploadBusyException;
import dev.berth.registry.blob.UploadLostException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Uploads.Upload;
import dev.berth.registry.oci.ChunkRange;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes blobs in. A session's bytes count once the metadata says so: whatever breaks off before
 * leaves the session as it was.
 */
@Singleton
public final class BlobPush {
  /** Nearly every image of a registry may share a blob such as an empty one. */
  private static final int MAX_HOLDERS = 1000;

  private final BlobStore store;
  private final MetadataStore metadata;
  private final long maxBytes;

  BlobPush(BlobStore store, MetadataStore metadata, RegistryConfiguration configuration) {
    this.store = store;
    this.metadata = metadata;
    this.maxBytes = configuration.limits().blobBytes();
  }

  /** Begins a session. */
  public Upload start(RepositoryName name) throws IOException {
    String id = UUID.randomUUID().toString();
    store.begin(id).close();
    return metadata.uploads().start(metadata.open(name), id);
  }

  /** Takes a blob that comes whole in one request, without a session. */
  public void whole(RepositoryName name, Digest expected, InputStream body) throws IOException {
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      try {
        long size = staged.append(body, maxBytes);
        verify(staged, expected);
        staged.commit(expected);
        metadata.blobs().add(metadata.open(name), expected, size);
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
    return metadata.blobs().size(from, digest).isPresent()
        && metadata.blobs().mount(metadata.open(name), from, digest);
  }

  /**
   * The session as it stands.
   *
   * @throws OciException BLOB_UPLOAD_UNKNOWN
   */
  public Upload find(RepositoryName name, String id) {
    return metadata.uploads().find(name, id).orElseThrow(BlobPush::unknown);
  }

  /**
   * Adds a chunk.
   *
   * @param range null: the body follows what is there
   * @return bytes of the session afterwards
   * @throws UploadOffsetException where the range does not follow what is there
   */
  public long append(Upload upload, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    try (StagedBlob staged = resume(upload)) {
      long received = take(upload, staged, range, body);
      if (!metadata.uploads().advance(upload, received)) {
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
    try (StagedBlob staged = resume(upload)) {
      long size = take(upload, staged, range, body);
      try {
        verify(staged, expected);
      } catch (OciException e) {
        drop(upload, staged);
        throw e;
      }
      staged.commit(expected);
      metadata.uploads().complete(upload, expected, size);
    }
  }

  /** Ends a session and drops its bytes. */
  public void cancel(Upload upload) throws IOException {
    try {
      store.discard(upload.id());
    } catch (UploadBusyException e) {
      throw busy();
    }
    metadata.uploads().cancel(upload);
  }

  private long take(Upload upload, StagedBlob staged, @Nullable ChunkRange range, InputStream body)
      throws IOException {
    if (range != null && range.first() != upload.received()) {
      throw new UploadOffsetException(upload);
    }
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

  private StagedBlob resume(Upload upload) throws IOException {
    try {
      return store.resume(upload.id(), () -> unchanged(upload));
    } catch (UploadBusyException e) {
      throw busy();
    } catch (UploadLostException e) {
      metadata.uploads().cancel(upload);
      throw unknown();
    }
  }

  /** Another request may have added to the session before this one could open it. */
  private long unchanged(Upload upload) {
    if (find(upload.repository().name(), upload.id()).received() != upload.received()) {
      throw busy();
    }
    return upload.received();
  }

  private void drop(Upload upload, StagedBlob staged) throws IOException {
    staged.discard();
    metadata.uploads().cancel(upload);
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
