package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.GarbageCollectionSpec;
import dev.berth.operator.policy.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the server gives space back, within the bounds that it takes: outside of them it would not
 * start.
 */
public record CollectionTimes(Duration gracePeriod, Duration undoWindow, Duration uploadExpiry) {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SHORTEST_UPLOAD = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Those of the spec, or the nearest that the server takes. */
  static CollectionTimes of(@Nullable GarbageCollectionSpec spec) {
    return spec == null
        ? new CollectionTimes(DAY, DAY, DAY)
        : new CollectionTimes(
            within(spec.gracePeriod(), Duration.ZERO),
            within(spec.undoWindow(), Duration.ZERO),
            within(spec.uploadExpiry(), SHORTEST_UPLOAD));
  }

  /** Which of them the server does not take, with what holds instead. */
  public static List<String> problems(@Nullable GarbageCollectionSpec spec) {
    List<String> problems = new ArrayList<>();
    if (spec != null) {
      check(problems, "gracePeriod", spec.gracePeriod(), Duration.ZERO);
      check(problems, "undoWindow", spec.undoWindow(), Duration.ZERO);
      check(problems, "uploadExpiry", spec.uploadExpiry(), SHORTEST_UPLOAD);
    }
    return problems;
  }

  private static void check(List<String> problems, String field, String text, Duration shortest) {
    Duration used = within(text, shortest);
    if (!used.equals(GoDuration.read(text))) {
      problems.add(
          "spec.garbageCollection.%s %s is not within %s and %s, and %s holds"
              .formatted(
                  field,
                  text,
                  GoDuration.write(shortest),
                  GoDuration.write(LONGEST),
                  GoDuration.write(used)));
    }
  }

  private static Duration within(String text, Duration shortest) {
    Duration asked = GoDuration.read(text);
    if (asked.compareTo(shortest) < 0) {
      return shortest;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
