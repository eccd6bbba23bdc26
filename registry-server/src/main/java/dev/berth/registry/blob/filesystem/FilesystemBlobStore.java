package dev.berth.registry.blob.filesystem;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    this.layout = BlobLayout.made(root);
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
  public Optional<Digest> published(String upload) throws IOException {
    Path file = layout.upload(upload);
    if (!Files.exists(file) || !BlobLayout.isPublished(file)) {
      return Optional.empty();
    }
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      Digest digest = hash(file, algorithm);
      if (layout.isPublishedAs(file, digest)) {
        return Optional.of(digest);
      }
    }
    return Optional.empty();
  }

  private static Digest hash(Path file, DigestAlgorithm algorithm) throws IOException {
    MessageDigest hasher = algorithm.hasher();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), hasher)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.of(algorithm, hasher);
  }

  @Override
  public void discard(String upload) throws IOException {
    Path file = layout.upload(upload);
    if (Files.exists(file) && BlobLayout.isPublished(file)) {
      Files.deleteIfExists(file);
    } else if (Files.exists(file)) {
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
    layout.delete(digest);
  }
}
