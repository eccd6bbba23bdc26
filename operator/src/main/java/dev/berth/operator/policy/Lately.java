package dev.berth.operator.policy;

import java.time.Duration;
import java.time.Instant;

/** How long something is good for that happened once, by a clock that may be set back meanwhile. */
public final class Lately {
  private Lately() {}

  /** Whether less than the time has passed since; never before it happened. */
  public static boolean was(Instant at, Duration time, Instant now) {
    return !now.isBefore(at) && now.isBefore(at.plus(time));
  }
}
