package dev.berth.operator.nodeaccess;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pool a node is of. Nodes are not watched, for they change all the time: they are listed
 * where one is not known yet, and of each its pool alone is kept.
 */
public final class NodePools {
  /** Of a node that has none of the labels. */
  static final String DEFAULT = "default";

  /** Labels by which clouds and autoscalers tell pools, the first that a node has. */
  private static final List<String> LABELS =
      List.of(
          "cloud.google.com/gke-nodepool",
          "eks.amazonaws.com/nodegroup",
          "karpenter.sh/nodepool",
          "kubernetes.azure.com/agentpool",
          "agentpool",
          "doks.digitalocean.com/node-pool",
          "k8s.scaleway.com/pool-name",
          "lke.linode.com/pool-id",
          "alibabacloud.com/nodepool-id",
          "kops.k8s.io/instancegroup");

  private static final long PAGE = 100;

  /** New nodes come in numbers. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Clock clock;
  private Map<String, String> known = Map.of();
  private @Nullable Instant asked;

  public NodePools(Clock clock) {
    this.clock = clock;
  }

  /** Pools by the names of nodes, of these and others; those are missing that are not known yet. */
  synchronized Map<String, String> of(Set<String> nodes, KubernetesClient client) {
    Instant now = clock.instant();
    if (!known.keySet().containsAll(nodes)
        && (asked == null || !now.isBefore(asked.plus(INTERVAL)))) {
      asked = now;
      known = list(client);
    }
    return known;
  }

  private static Map<String, String> list(KubernetesClient client) {
    Map<String, String> pools = new HashMap<>();
    String next = null;
    do {
      NodeList page =
          client.nodes().list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      page.getItems().forEach(node -> pools.put(node.getMetadata().getName(), pool(node)));
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return Map.copyOf(pools);
  }

  static String pool(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null
        ? DEFAULT
        : LABELS.stream()
            .filter(label -> labels.get(label) != null && !labels.get(label).isEmpty())
            .map(labels::get)
            .findFirst()
            .orElse(DEFAULT);
  }
}
