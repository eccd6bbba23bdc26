package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.server.PolicyDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** When a Registry is visited again if nothing else makes a visit. */
final class VisitSchedule {
  /**
   * What is missing appears without telling the operator, whose watch does not cover users'
   * Secrets.
   */
  static final Duration WHILE_MISSING = Duration.ofSeconds(5);

  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration WHILE_PROGRESSING = Duration.ofSeconds(5);

  /** What no event tells, as users' Secrets and the time, is seen within the sum of these two. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  private static final Duration IDLE_SPREAD = Duration.ofSeconds(10);

  private VisitSchedule() {}

  static Duration next(
      Registry registry,
      List<Finding> findings,
      PolicyDelivery.Outcome policy,
      Optional<Instant> nextExpiry,
      Instant now) {
    Duration idle = idle(registry);
    boolean missing =
        findings.stream().anyMatch(finding -> finding.effect() == Finding.Effect.NOT_READY);
    return Stream.of(
            missing ? WHILE_MISSING : idle,
            policy.isEnforcedEverywhere() ? idle : WHILE_PROGRESSING,
            // A timer that fires a fraction of a millisecond early would find nothing expired.
            nextExpiry.map(expiry -> Duration.between(now, expiry).plusMillis(1)).orElse(idle))
        .min(Duration::compareTo)
        .filter(Duration::isPositive)
        .orElse(AT_ONCE);
  }

  /**
   * How often a registry is looked at that nothing happens to: each in its own time, since many
   * were made, or found by a new leader, at once.
   */
  private static Duration idle(Registry registry) {
    int spread = Math.toIntExact(IDLE_SPREAD.toMillis());
    return IDLE.plusMillis(Math.floorMod(registry.getMetadata().getUid().hashCode(), spread));
  }
}
