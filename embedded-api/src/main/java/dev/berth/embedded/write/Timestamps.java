package dev.berth.embedded.write;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the API writes them: RFC 3339, whole seconds, UTC. */
public final class Timestamps {
  private Timestamps() {}

  /** {@code 2026-01-31T12:00:00Z}. */
  public static String format(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
