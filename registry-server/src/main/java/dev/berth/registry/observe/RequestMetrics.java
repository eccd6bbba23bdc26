package dev.berth.registry.observe;

import dev.berth.registry.auth.PolicyInForce;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times requests, by what they are about and how they ended. */
@Context
final class RequestMetrics {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");

  private final MeterRegistry meters;
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
    meters
        .timer(
            "berth.http.requests",
            "route",
            group.label(),
            "method",
            METHODS.contains(method) ? method : "OTHER",
            "status",
            status / 100 + "xx")
        .record(Duration.ofNanos(nanos));
  }
}
