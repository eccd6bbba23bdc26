package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /v1/usage} of a registry server answers; sizes in bytes.
 *
 * @param availableBytes what the volume still takes; null: the server cannot tell
 * @param capacityBytes of the whole volume; null: the server cannot tell
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServerUsage(
    long repositories,
    long tags,
    long manifests,
    long physicalBytes,
    long logicalBytes,
    @Nullable Long availableBytes,
    @Nullable Long capacityBytes) {

  /** So much may be free on a volume that counts as full; on a large one a layer still fits. */
  private static final long MAX_REST = 1L << 30;

  private static final int PERCENT = 100;

  /** Whether pushes fail for want of space, or will with the next layer. */
  public boolean isFull() {
    return availableBytes != null
        && capacityBytes != null
        && availableBytes < Math.min(capacityBytes / PERCENT, MAX_REST);
  }

  /** Whether it says more than an answer before; the free space of a shared volume never rests. */
  boolean isNews(@Nullable ServerUsage before) {
    return before == null || isFull() != before.isFull() || !counted().equals(before.counted());
  }

  private List<Long> counted() {
    return List.of(repositories, tags, manifests, physicalBytes, logicalBytes);
  }
}
