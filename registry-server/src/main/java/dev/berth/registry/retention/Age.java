package dev.berth.registry.retention;

import java.time.Duration;

/** How long something is ago, in the largest unit that it fills. */
final class Age {

  private Age() {}

  static String of(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + "d";
    }
    if (time.toHours() > 0) {
      return time.toHours() + "h";
    }
    return time.toMinutes() > 0 ? time.toMinutes() + "m" : Math.max(0, time.toSeconds()) + "s";
  }
}
