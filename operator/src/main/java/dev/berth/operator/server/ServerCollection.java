package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
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

  /** What no calendar has, no status takes. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** When that was, to the second; empty also for what is no time. */
  public Optional<Instant> lastRun() {
    try {
      return Optional.ofNullable(lastRunAt)
          .map(Instant::parse)
          .filter(at -> at.isAfter(Instant.EPOCH) && at.isBefore(LATEST))
          .map(at -> at.truncatedTo(ChronoUnit.SECONDS));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
