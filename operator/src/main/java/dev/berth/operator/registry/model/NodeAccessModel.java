package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.NodeAccessMode;
import dev.berth.api.v1alpha1.registry.NodeAccessSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What nodes are told of a registry, and which nodes.
 *
 * @param image of the node agent
 * @param addresses the Service's; empty while it has none
 * @param certified those of the addresses that the certificate names: the others cannot be used
 * @param hosts what the references of images may start with
 * @param refused external hosts that the operator's configuration does not let nodes know
 * @param taken external hosts that another Registry tells nodes of, by host
 * @param fallbacks names of the registry that need not be the Service's, in order
 */
public record NodeAccessModel(
    String image,
    List<String> addresses,
    List<String> certified,
    List<String> hosts,
    List<String> refused,
    Map<String, ObjectKey> taken,
    List<String> fallbacks,
    List<Toleration> tolerations,
    Map<String, String> nodeSelector) {

  /** Finalizer of a Registry of which nodes may have something. */
  public static final String FINALIZER = "berth.dev/nodes";

  /** Whether the spec asks for it, and there still is time to take it back. */
  public static boolean isWanted(Registry registry) {
    NodeAccessSpec nodes = registry.getSpec().nodeAccess();
    return nodes != null
        && nodes.mode() == NodeAccessMode.HOSTS_TOML
        // None can be added any more, and so nothing would be taken back.
        && (registry.getMetadata().getDeletionTimestamp() == null
            || registry.getMetadata().getFinalizers().contains(FINALIZER));
  }

  static @Nullable NodeAccessModel of(
      Registry registry,
      RegistryNames names,
      String image,
      AllowedHosts allowed,
      ClusterAddresses addresses,
      Map<String, ObjectKey> taken) {
    RegistrySpec spec = registry.getSpec();
    NodeAccessSpec nodes = spec.nodeAccess();
    if (nodes == null || !isWanted(registry)) {
      return null;
    }
    List<String> own =
        names.clusterHosts().stream().filter(NodeAccessModel::isOfTheCluster).toList();
    Map<Boolean, List<String>> external =
        spec.externalHosts().stream()
            .filter(NodeAccessModel::isRegistryHost)
            .filter(host -> !own.contains(host) && !taken.containsKey(host))
            // Whatever is allowed, a name of the cluster is that of one Service.
            .collect(
                Collectors.partitioningBy(host -> allowed.allows(host) && !isOfTheCluster(host)));
    return new NodeAccessModel(
        image,
        addresses.all(),
        addresses.certified(),
        Stream.concat(own.stream(), external.getOrDefault(true, List.of()).stream())
            .distinct()
            .toList(),
        external.getOrDefault(false, List.of()),
        taken,
        spec.externalHosts(),
        nodes.tolerations(),
        nodes.nodeSelector());
  }

  /** NAME.NAMESPACE may be a name of the world: a Registry docker in a namespace io is no such. */
  private static boolean isOfTheCluster(String host) {
    return host.endsWith(".svc") || host.endsWith(".svc.cluster.local");
  }

  /** A first part without a dot or port is a repository of Docker Hub to every client. */
  private static boolean isRegistryHost(String host) {
    return host.indexOf('.') >= 0 || host.indexOf(':') >= 0;
  }

  /** The addresses that can be used, as they stand in a URL. */
  public List<String> locations() {
    return certified.stream().map(ClusterAddresses::bracketed).toList();
  }

  /** Whether the certificate and the server's configuration can be complete. */
  boolean hasAddress() {
    return !addresses.isEmpty();
  }

  /** Whether there is any way by which a node could pull. */
  public boolean isReachable() {
    return !certified.isEmpty() || !fallbacks.isEmpty();
  }
}
