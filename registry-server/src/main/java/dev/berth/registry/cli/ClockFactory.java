package dev.berth.registry.cli;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The time, unless a test sets another. */
@Factory
final class ClockFactory {
  @Singleton
  @Secondary
  Clock clock() {
    return Clock.systemUTC();
  }
}
