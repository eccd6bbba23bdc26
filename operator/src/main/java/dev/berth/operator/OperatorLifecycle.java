package dev.berth.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.exceptions.ConfigurationException;
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
  private final Leadership leadership;

  OperatorLifecycle(Operator operator, OperatorConfiguration configuration, Leadership leadership) {
    this.operator = operator;
    this.configuration = configuration;
    this.leadership = leadership;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    try {
      operator.start();
    } catch (OperatorException e) {
      // Half of what it watches would be a wrong view of the cluster, by which rights would go.
      // The process ends with an error, and the cluster starts it again.
      throw new ConfigurationException("The operator cannot start: " + rootMessage(e));
    }
    LOG.info(
        "Berth operator {} runs against {}",
        configuration.version(),
        operator.getKubernetesClient().getMasterUrl());
  }

  @PreDestroy
  void stop() {
    leadership.end();
    operator.stop();
    if (configuration.leaderElection()) {
      leadership.release(operator.getKubernetesClient());
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }
}
