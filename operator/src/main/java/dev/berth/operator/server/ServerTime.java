package dev.berth.operator.server;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A time that a registry server tells. The server is the user's image, and may tell anything. */
public final class ServerTime {

  /** What no calendar has, no status takes. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private ServerTime() {}

  /** To the second; empty also for what is no time. */
  public static Optional<Instant> read(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .map(Instant::parse)
          .filter(at -> at.isAfter(Instant.EPOCH) && at.isBefore(LATEST))
          .map(at -> at.truncatedTo(ChronoUnit.SECONDS));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
