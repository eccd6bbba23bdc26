package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.NodeReachability;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** When a pool is tried again, and on which of its nodes. */
final class CanarySchedule {
  private static final Duration DAILY = Duration.ofDays(1);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private CanarySchedule() {}

  /**
   * Whether it is time.
   *
   * @param last null: there was none
   * @param plan what nodes are told now
   * @param failures in a row, as far as anybody remembers
   */
  static boolean isDue(@Nullable NodeReachability last, String plan, int failures, Instant now) {
    if (last == null || !plan.equals(last.plan())) {
      return true;
    }
    Duration pause = Boolean.TRUE.equals(last.pulled()) ? DAILY : pause(failures);
    return !now.isBefore(at(last).plus(pause));
  }

  /** Twice as long after each, up to an hour. */
  private static Duration pause(int failures) {
    Duration pause = SHORTEST;
    for (int i = 1; i < failures && pause.compareTo(LONGEST) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }

  private static Instant at(NodeReachability last) {
    try {
      return last.at() == null ? Instant.EPOCH : Instant.parse(last.at());
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  /** The same again until it can pull; else the next one each time. */
  static String node(@Nullable NodeReachability last, SortedSet<String> ready) {
    if (last == null) {
      return ready.first();
    }
    if (!Boolean.TRUE.equals(last.pulled()) && ready.contains(last.node())) {
      return last.node();
    }
    return ready.stream()
        .filter(node -> node.compareTo(last.node()) > 0)
        .findFirst()
        .orElse(ready.first());
  }
}
