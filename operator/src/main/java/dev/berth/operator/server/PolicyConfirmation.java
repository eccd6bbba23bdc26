package dev.berth.operator.server;

import dev.berth.operator.policy.Lately;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells replicas now and then that the document which they enforce is still what holds. A document
 * is sent when it changes, and one that does not change looks the same as an operator that is gone.
 */
final class PolicyConfirmation {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyConfirmation.class);

  /** Several times within the time for which a server believes what it was told of Pods. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final ManagementClient client;
  private final Clock clock;
  private final Map<ObjectKey, Map<PodRun, Instant>> told = new ConcurrentHashMap<>();

  PolicyConfirmation(ManagementClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Tells those that were not told lately, or not since they started. */
  void confirm(ObjectKey registry, String revision, ManagementAccess access, List<Pod> ready)
      throws InterruptedException {
    Instant now = clock.instant();
    Map<PodRun, Instant> before = told.getOrDefault(registry, Map.of());
    Map<PodRun, Instant> after = new HashMap<>();
    for (Pod pod : ready) {
      PodRun run = PodRun.of(pod);
      Instant last = before.get(run);
      if (last != null && Lately.was(last, INTERVAL, now)) {
        after.put(run, last);
      } else if (confirm(revision, access, pod)) {
        after.put(run, now);
      }
    }
    told.put(registry, Map.copyOf(after));
  }

  /** The image may be one that does not ask for it. */
  private boolean confirm(String revision, ManagementAccess access, Pod pod)
      throws InterruptedException {
    try {
      String address = pod.getStatus().getPodIP();
      String enforced = client.confirmPolicy(address, ManagementAccess.PORT, access, revision);
      return revision.equals(enforced);
    } catch (IOException e) {
      LOG.debug("pod {} did not take a confirmation: {}", pod.getMetadata().getName(), "" + e);
      return false;
    }
  }

  void forget(ObjectKey registry) {
    told.remove(registry);
  }
}
