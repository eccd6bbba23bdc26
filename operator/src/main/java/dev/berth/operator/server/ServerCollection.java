package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /v1/garbage-collection} of a registry server answers; sizes in bytes.
 *
 * @param lastRunAt of the last run that did anything, or that somebody asked for; null: there was
 *     none
 * @param freedBytes what that run gave back
 * @param quarantinedBytes what can still be restored
 * @param reclaimableBytes what nothing refers to, in quarantine or before
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServerCollection(
    @Nullable String lastRunAt, long freedBytes, long quarantinedBytes, long reclaimableBytes) {

  /** When that was, to the second; empty also for what is no time. */
  public Optional<Instant> lastRun() {
    return ServerTime.read(lastRunAt);
  }
}
