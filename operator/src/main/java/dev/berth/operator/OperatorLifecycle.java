package dev.berth.operator;

import io.javaoperatorsdk.operator.Operator;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the controllers once health can be asked for, and ends them with the process. */
@Singleton
final class OperatorLifecycle implements ApplicationEventListener<ServerStartupEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorLifecycle.class);

  private final Operator operator;
  private final OperatorConfiguration configuration;

  OperatorLifecycle(Operator operator, OperatorConfiguration configuration) {
    this.operator = operator;
    this.configuration = configuration;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    operator.start();
    LOG.info(
        "Berth operator {} runs against {}",
        configuration.version(),
        operator.getKubernetesClient().getMasterUrl());
  }

  @PreDestroy
  void stop() {
    operator.stop();
  }
}
