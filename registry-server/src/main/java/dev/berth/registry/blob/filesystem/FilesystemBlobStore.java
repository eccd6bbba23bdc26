package dev.berth.registry.blob.filesystem;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/** Keeps each blob in a file of its own, reached by a rename once it is durable. */
public final class FilesystemBlobStore implements BlobStore {
  private final BlobLayout layout;
  private final RunningHashes hashes;

  /**
   * A store that several processes may share.
   *
   * @param root made where it is missing
   */
  public FilesystemBlobStore(Path root, RunningHashes hashes) throws IOException {
    this.layout = new BlobLayout(root);
    this.hashes = hashes;
  }

  @Override
  public Path locate(Digest digest) {
    return layout.blob(digest);
  }

  @Override
  public byte[] read(Digest digest) throws IOException {
    EventLoop.leave();
    return Files.readAllBytes(layout.blob(digest));
  }

  @Override
  public StagedBlob begin(String upload) throws IOException {
    return StagedFile.create(upload, layout, hashes);
  }

  @Override
  public StagedBlob resume(String upload, LongSupplier length) throws IOException {
    return StagedFile.open(upload, length, layout, hashes);
  }

  @Override
  public void discard(String upload) throws IOException {
    if (Files.exists(layout.upload(upload))) {
      try (StagedBlob staged = StagedFile.open(upload, () -> 0, layout, hashes)) {
        staged.discard();
      }
    }
  }

  @Override
  public List<String> idleUploads(Instant since) throws IOException {
    return layout.uploads(since);
  }

  @Override
  public void delete(Digest digest) throws IOException {
    Files.deleteIfExists(layout.blob(digest));
    Files.deleteIfExists(layout.folder(digest));
  }
}
