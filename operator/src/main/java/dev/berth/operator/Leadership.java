package dev.berth.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several operators acts: the one that holds the Lease. One that ends in good order gives
 * it back, so that the next does not wait for it to run out; one that loses it ends at once, since
 * what it would still write the next one writes too.
 */
@Singleton
final class Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  /** How often a waiting operator looks: with its jitter, what a takeover takes. */
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

  private final String namespace;
  private final String lease;
  private final String identity;
  private volatile boolean ending;

  Leadership(OperatorConfiguration configuration) {
    String host = System.getenv("HOSTNAME");
    this.namespace = configuration.namespace();
    this.lease = configuration.lease();
    this.identity = host == null || host.isBlank() ? UUID.randomUUID().toString() : host;
  }

  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease)
        .withLeaseNamespace(namespace)
        .withIdentity(identity)
        .withRetryPeriod(RETRY_PERIOD)
        // The framework itself would go on acting without the Lease.
        .withLeaderCallbacks(new LeaderCallbacks(() -> {}, this::lost, leader -> {}))
        .build();
  }

  /** From now on, not to lead is no accident. */
  void end() {
    ending = true;
  }

  /** Lets another operator lead at once; called when nothing is written any more. */
  void release(KubernetesClient client) {
    try {
      Lease held = client.leases().inNamespace(namespace).withName(lease).get();
      if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
        // With the version that was read: who took it over meanwhile keeps it.
        client
            .resource(new LeaseBuilder(held).editSpec().withHolderIdentity("").endSpec().build())
            .update();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("the Lease {}/{} was not given back, and runs out by itself", namespace, lease, e);
    }
  }

  private void lost() {
    if (!ending) {
      LOG.error("The Lease {}/{} is lost: the process ends to be started again", namespace, lease);
      // Without the end in good order, which would wait for writes that must not be made now.
      Runtime.getRuntime().halt(1);
    }
  }
}
