package dev.berth.registry.fsck;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.oci.Digest;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;

/** Reads content no faster than it may, so that others still get at the disk. */
public final class ContentHashes {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** A byte a nanosecond: buckets are filled no faster. */
  private static final long FASTEST = 1_000_000_000;

  private final StoredFiles files;
  private final BlockingBucket rate;
  private final BlockingStrategy waiting;
  private long bytes;

  /**
   * Of these files.
   *
   * @param bytesPerSecond no fewer than 64 KiB
   */
  public ContentHashes(StoredFiles files, long bytesPerSecond) {
    this(files, bytesPerSecond, TimeMeter.SYSTEM_NANOTIME, BlockingStrategy.PARKING);
  }

  ContentHashes(StoredFiles files, long bytesPerSecond, TimeMeter time, BlockingStrategy waiting) {
    this.files = files;
    this.waiting = waiting;
    long rounded = Math.clamp(bytesPerSecond, BUFFER_BYTES, FASTEST);
    this.rate =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(rounded).refillGreedy(rounded, Duration.ofSeconds(1)))
            .withCustomTimePrecision(time)
            .build()
            .asBlocking();
  }

  /**
   * What the bytes hash to that are stored under a digest, by its algorithm.
   *
   * @throws java.nio.file.NoSuchFileException where there are none
   * @throws InterruptedException where this process is told to end
   */
  Digest of(Digest digest) throws IOException, InterruptedException {
    MessageDigest hasher = digest.algorithm().hasher();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = files.open(digest)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (read > 0) {
          rate.consume(read, waiting);
        }
        bytes += read;
        hasher.update(buffer, 0, read);
      }
    }
    return Digest.of(digest.algorithm(), hasher);
  }

  /** How many were read until now. */
  long bytes() {
    return bytes;
  }
}
