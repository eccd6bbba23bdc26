package dev.berth.registry.observe;

import dev.berth.registry.auth.PolicyInForce;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times requests, by what they are about and how they ended. */
@Context
final class RequestMetrics {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");

  private record Ended(RouteGroup group, String method, int statusClass) {}

  private final MeterRegistry meters;

  /** To look one up by its labels costs more than to record. */
  private final Map<Ended, Timer> timers = new ConcurrentHashMap<>();

  private final AtomicInteger uploads = new AtomicInteger();

  RequestMetrics(MeterRegistry meters, PolicyInForce policy, Clock clock) {
    this.meters = meters;
    meters.gauge("berth.uploads.receiving", uploads);
    Gauge.builder(
            "berth.policy.age",
            policy,
            p ->
                p.since()
                    .map(since -> (double) Duration.between(since, clock.instant()).toSeconds())
                    .orElse(Double.NaN))
        .baseUnit("seconds")
        .description("Since when the policy revision is in force; NaN: there is none")
        .register(meters);
  }

  void began(RouteGroup group) {
    if (group == RouteGroup.UPLOADS) {
      uploads.incrementAndGet();
    }
  }

  void ended(RouteGroup group, String method, int status, long nanos) {
    if (group == RouteGroup.UPLOADS) {
      uploads.decrementAndGet();
    }
    timers
        .computeIfAbsent(
            new Ended(group, METHODS.contains(method) ? method : "OTHER", status / 100),
            this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Ended ended) {
    return meters.timer(
        "berth.http.requests",
        "route",
        ended.group().label(),
        "method",
        ended.method(),
        "status",
        ended.statusClass() + "xx");
  }
}
