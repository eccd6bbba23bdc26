package dev.berth.operator;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The operator's clock, which a test moves on. */
@Factory
@Requires(property = TestClock.MOVABLE)
final class TestClock {
  static final String MOVABLE = "test.clock";
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  /** What is made from now on is valid for the rest of the test's process too. */
  static void setRight() {
    AHEAD.set(Duration.ZERO);
  }

  static void moveOn(Duration by) {
    AHEAD.accumulateAndGet(by, Duration::plus);
  }

  @Singleton
  @Replaces(Clock.class)
  Clock clock() {
    InstantSource ahead = () -> Instant.now().plus(AHEAD.get());
    return ahead.withZone(ZoneOffset.UTC);
  }
}
