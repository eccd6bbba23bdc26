package dev.berth.operator.registry.check;

import static java.util.stream.Collectors.toMap;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.NodeAccessModel;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Which of several Registries may tell nodes of one external host: the one that does, else the
 * oldest. Else each node would have it from the one whose agent came first.
 */
public final class HostRivals {
  private HostRivals() {}

  /** Hosts of this Registry that another one has, by host. */
  public static Map<String, ObjectKey> before(Registry registry, Supplier<Stream<Registry>> all) {
    return Stream.of(registry)
        .filter(NodeAccessModel::isWanted)
        .flatMap(one -> one.getSpec().externalHosts().stream())
        .distinct()
        .flatMap(host -> before(registry, host, all).map(one -> Map.entry(host, one)).stream())
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Optional<ObjectKey> before(
      Registry registry, String host, Supplier<Stream<Registry>> all) {
    Comparator<Registry> order =
        Comparator.comparing((Registry one) -> !tellsNodes(one, host))
            .thenComparing(one -> one.getMetadata().getCreationTimestamp())
            .thenComparing(one -> ObjectKey.of(one).toString());
    return all.get()
        .filter(NodeAccessModel::isWanted)
        .filter(other -> other.getSpec().externalHosts().contains(host))
        .filter(other -> !ObjectKey.of(other).equals(ObjectKey.of(registry)))
        .filter(other -> order.compare(other, registry) < 0)
        .min(order)
        .map(ObjectKey::of);
  }

  /** As its status says: nobody takes away what nodes have. */
  private static boolean tellsNodes(Registry registry, String host) {
    RegistryStatus status = registry.getStatus();
    return status != null
        && status.effective() != null
        && status
            .effective()
            .path("nodeHosts")
            .valueStream()
            .anyMatch(name -> name.asText().equals(host));
  }
}
