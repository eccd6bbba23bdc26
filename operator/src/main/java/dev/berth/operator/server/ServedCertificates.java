package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the replicas which certificate they present, and keeps the answers until they are asked
 * again.
 */
public final class ServedCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ServedCertificates.class);

  private final ManagementClient client;
  private final Map<ObjectKey, Set<String>> served = new ConcurrentHashMap<>();

  public ServedCertificates(ManagementClient client) {
    this.client = client;
  }

  /** The fingerprints that the pods named at the last visit; empty unless every pod did. */
  public Optional<Set<String>> of(ObjectKey registry) {
    return Optional.ofNullable(served.get(registry));
  }

  /**
   * Asks every pod.
   *
   * @param pods all of the registry, of which one that is not reachable leaves the answer open
   * @param reachable those that can be asked
   */
  public void observe(
      ObjectKey registry, ManagementAccess access, List<Pod> pods, List<Pod> reachable)
      throws InterruptedException {
    if (!reachable.containsAll(pods)) {
      served.remove(registry);
      return;
    }
    Set<String> fingerprints = new HashSet<>();
    for (Pod pod : pods) {
      try {
        fingerprints.add(
            client.certificate(pod.getStatus().getPodIP(), ManagementAccess.PORT, access));
      } catch (IOException e) {
        LOG.debug("pod {}: its certificate is unknown: {}", pod.getMetadata().getName(), "" + e);
        served.remove(registry);
        return;
      }
    }
    served.put(registry, Set.copyOf(fingerprints));
  }

  public void forget(ObjectKey registry) {
    served.remove(registry);
  }
}
