package dev.berth.registry.blob.filesystem;

import dev.berth.registry.blob.BodyException;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.TooLargeException;
import dev.berth.registry.blob.UploadBusyException;
import dev.berth.registry.blob.UploadLostException;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An upload's file, under a lock that ends with the process that held it, however that ends. It is
 * the operating system's, and of this process: a second request here that is refused gives the
 * former away, which matters once several processes share the folder.
 */
final class StagedFile implements StagedBlob {
  private static final int FIRST_BUFFER_BYTES = 16 * 1024;
  private static final int BUFFER_BYTES = 64 * 1024;

  /** What nearly every digest is made with; another one is computed by reading the file again. */
  private static final DigestAlgorithm ON_THE_WAY = DigestAlgorithm.SHA256;

  private final String upload;
  private final Path file;
  private final FileChannel channel;
  private final BlobLayout layout;
  private final RunningHashes hashes;

  /** Null: not all bytes went through it. */
  private @Nullable MessageDigest hasher;

  private long length;
  private boolean gone;
  private boolean committed;
  private boolean left;

  /** What the content may be stored as; null: it was not to be stored. */
  private @Nullable Digest named;

  private StagedFile(
      String upload, long length, FileChannel channel, BlobLayout layout, RunningHashes hashes) {
    this.upload = upload;
    this.file = layout.upload(upload);
    this.length = length;
    this.channel = channel;
    this.layout = layout;
    this.hashes = hashes;
    this.hasher = length == 0 ? ON_THE_WAY.hasher() : hashes.take(upload, length).orElse(null);
  }

  static StagedFile create(String upload, BlobLayout layout, RunningHashes hashes)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            layout.upload(upload),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return locked(upload, () -> 0, channel, layout, hashes);
  }

  static StagedFile open(
      String upload, LongSupplier length, BlobLayout layout, RunningHashes hashes)
      throws IOException {
    try {
      FileChannel channel =
          FileChannel.open(
              layout.upload(upload), StandardOpenOption.READ, StandardOpenOption.WRITE);
      return locked(upload, length, channel, layout, hashes);
    } catch (NoSuchFileException e) {
      throw new UploadLostException(upload);
    }
  }

  private static StagedFile locked(
      String upload,
      LongSupplier acknowledged,
      FileChannel channel,
      BlobLayout layout,
      RunningHashes hashes)
      throws IOException {
    try {
      lock(upload, layout.upload(upload), channel);
      if (BlobLayout.isPublished(layout.upload(upload))) {
        // Its digest was right, and perhaps somebody relies on the content by now.
        throw new UploadLostException(upload);
      }
      long length = acknowledged.getAsLong();
      if (channel.size() < length) {
        throw new UploadLostException(upload);
      }
      channel.truncate(length);
      channel.position(length);
      return new StagedFile(upload, length, channel, layout, hashes);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(String upload, Path file, FileChannel channel) throws IOException {
    try {
      // Whoever had the lock before may have made the file a blob, which must not be touched. A
      // file of this name is made only once, so that it is gone then.
      if (channel.tryLock() == null || !Files.exists(file)) {
        throw new UploadBusyException(upload);
      }
    } catch (OverlappingFileLockException e) {
      throw new UploadBusyException(upload);
    }
  }

  @Override
  public long append(InputStream body, long limit) throws IOException {
    byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    for (int read = next(body, buffer); read >= 0; read = next(body, buffer)) {
      if (length + read > limit) {
        throw new TooLargeException(limit);
      }
      write(buffer, read);
      if (read == buffer.length && buffer.length < BUFFER_BYTES) {
        buffer = new byte[BUFFER_BYTES];
      }
    }
    return length;
  }

  private void write(byte[] buffer, int count) throws IOException {
    if (hasher != null) {
      hasher.update(buffer, 0, count);
    }
    ByteBuffer view = ByteBuffer.wrap(buffer, 0, count);
    while (view.hasRemaining()) {
      length += channel.write(view);
    }
  }

  private static int next(InputStream body, byte[] buffer) throws BodyException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new BodyException(e);
    }
  }

  @Override
  public byte[] read() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, buffer.position()) < 0) {
        throw new UploadLostException(upload);
      }
    }
    return buffer.array();
  }

  @Override
  public Digest digest(DigestAlgorithm algorithm) throws IOException {
    MessageDigest soFar = hasher;
    if (soFar != null && algorithm == ON_THE_WAY) {
      hasher = null;
      return Digest.of(algorithm, soFar);
    }
    MessageDigest again = algorithm.hasher();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear();
      if (channel.read(buffer, at) < 0) {
        throw new UploadLostException(upload);
      }
      again.update(buffer.flip());
    }
    return Digest.of(algorithm, again);
  }

  @Override
  public void commit(Digest digest) throws IOException {
    channel.force(false);
    named = digest;
    layout.publish(file, digest);
    committed = true;
  }

  @Override
  public void withdraw() throws IOException {
    Digest digest = named;
    if (digest != null && layout.isPublishedAs(file, digest)) {
      layout.delete(digest);
      committed = false;
    }
  }

  @Override
  public void leave() {
    left = true;
  }

  @Override
  public void discard() throws IOException {
    if (gone || committed || left) {
      return;
    }
    Files.deleteIfExists(file);
    gone = true;
  }

  @Override
  public void close() throws IOException {
    MessageDigest soFar = hasher;
    if (committed && !left) {
      Files.deleteIfExists(file);
    } else if (!gone && soFar != null) {
      hashes.keep(upload, soFar, length);
    }
    channel.close();
  }
}
