package dev.berth.registry.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.oci.Digest;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashesTest {
  private static final int MEBIBYTE = 1 << 20;

  /** Time passes only while somebody waits for it. */
  private static final class WaitedTime implements TimeMeter, BlockingStrategy {
    private long nanos;

    @Override
    public long currentTimeNanos() {
      return nanos;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }

    @Override
    public void park(long nanosToPark) {
      nanos += nanosToPark;
    }
  }

  @Test
  void contentIsReadNoFasterThanTheRate(@TempDir Path folder) throws Exception {
    try (CheckedRegistry registry = new CheckedRegistry(folder)) {
      // Given
      Digest digest = registry.storeAlone("x".repeat(5 * MEBIBYTE));
      WaitedTime time = new WaitedTime();
      ContentHashes hashes = new ContentHashes(registry.files(), MEBIBYTE, time, time);

      // When
      Digest actual = hashes.of(digest);

      // Then
      assertThat(actual).isEqualTo(digest);
      assertThat(hashes.bytes()).isEqualTo(5 * MEBIBYTE);
      assertThat(time.nanos).isBetween(3_990_000_000L, 4_010_000_000L);
    }
  }
}
