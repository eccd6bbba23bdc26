package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When an AccessPolicy's credentials are made anew: at its creation, and then in equal periods, so
 * that nothing has to be remembered.
 */
public record Rotation(Instant created, Duration period) {

  /** Each rotation writes every copy, and waits for those who still have the one before. */
  static final Duration SHORTEST = Duration.ofMinutes(15);

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

  /** Longer than anybody keeps a cluster; sums with it stay in the calendar. */
  private static final double LONGEST_SECONDS = Duration.ofDays(365_000).toSeconds();

  /** That of an AccessPolicy that has pull secrets. */
  static Rotation of(AccessPolicy policy, String period) {
    return new Rotation(
        Instant.parse(policy.getMetadata().getCreationTimestamp()), duration(period));
  }

  /** Reads a duration that the schema let pass. */
  static Duration duration(String text) {
    double seconds = 0;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      seconds +=
          Double.parseDouble(parts.group(1))
              * switch (parts.group(2)) {
                case "ms" -> 0.001;
                case "s" -> 1;
                case "m" -> 60;
                default -> 3600;
              };
    }
    return Duration.ofSeconds(Math.round(Math.min(seconds, LONGEST_SECONDS)));
  }

  /** When the period began that {@code now} is in. */
  Instant begin(Instant now) {
    long seconds = period.toSeconds();
    long past = Math.max(0, Duration.between(created, now).toSeconds());
    return created.plusSeconds(past / seconds * seconds);
  }

  /** When the next one begins. */
  Instant next(Instant now) {
    return begin(now).plus(period);
  }
}
