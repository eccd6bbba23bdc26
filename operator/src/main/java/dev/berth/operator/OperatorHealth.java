package dev.berth.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/**
 * Ready while every watch of the Kubernetes API is alive. A replica that waits to lead is ready
 * too.
 */
@Singleton
@Readiness
final class OperatorHealth implements HealthIndicator {
  private final Operator operator;

  OperatorHealth(Operator operator) {
    this.operator = operator;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    RuntimeInfo info = operator.getRuntimeInfo();
    boolean up = info.isStarted() && info.allEventSourcesAreHealthy();
    return Publishers.just(
        HealthResult.builder("controllers", up ? HealthStatus.UP : HealthStatus.DOWN).build());
  }
}
