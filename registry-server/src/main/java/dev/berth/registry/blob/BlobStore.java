package dev.berth.registry.blob;

import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps content by its digest. What is committed stays as it is until it is deleted; who may see
 * it, and whether it exists at all, is for the metadata to say.
 */
public interface BlobStore {

  /**
   * Where committed content lies. Nothing is looked up: the metadata knows that it exists.
   *
   * @return a file whose bytes can be sent
   */
  Path locate(Digest digest);

  /**
   * The whole of something small, such as a manifest.
   *
   * @throws IOException also where there is no such content
   */
  byte[] read(Digest digest) throws IOException;

  /**
   * Begins an upload of no bytes.
   *
   * @param upload made by {@link java.util.UUID#randomUUID()} for this upload, used only once
   */
  StagedBlob begin(String upload) throws IOException;

  /**
   * Opens what an upload has left so far, for this caller alone.
   *
   * @param length how much of it counts, asked once nobody else can add to it; what lies beyond was
   *     never acknowledged and is cut off
   * @throws UploadBusyException where another request has it open
   * @throws UploadLostException where less than the length is left
   */
  StagedBlob resume(String upload, LongSupplier length) throws IOException;

  /**
   * Forgets an upload; no error where there is none.
   *
   * @throws UploadBusyException where another request has it open
   */
  void discard(String upload) throws IOException;

  /** Uploads that nobody has added to since, whether or not anybody still knows them. */
  List<String> idleUploads(Instant since) throws IOException;

  /**
   * The content that an upload became before its process ended, and that perhaps nothing names.
   * Computed from its bytes; empty where it became none.
   */
  Optional<Digest> published(String upload) throws IOException;

  /** Deletes committed content; no error where there is none. */
  void delete(Digest digest) throws IOException;
}
