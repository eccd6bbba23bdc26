package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import java.time.Duration;
import java.time.Instant;

/**
 * When an AccessPolicy's credentials are made anew: at its creation, and then in equal periods, so
 * that nothing has to be remembered.
 */
public record Rotation(Instant created, Duration period) {

  /** Each rotation writes every copy, and waits for those who still have the one before. */
  static final Duration SHORTEST = Duration.ofMinutes(15);

  /** That of an AccessPolicy that has pull secrets. */
  static Rotation of(AccessPolicy policy, String period) {
    return new Rotation(
        Instant.parse(policy.getMetadata().getCreationTimestamp()), duration(period));
  }

  /** Reads a duration that the schema let pass, to the second. */
  static Duration duration(String text) {
    return Duration.ofSeconds(GoDuration.read(text).plusMillis(500).toSeconds());
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
