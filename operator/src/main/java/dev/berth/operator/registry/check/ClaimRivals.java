package dev.berth.operator.registry.check;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of several Registries may serve from one claim: the one that was given it, else the oldest.
 * Two servers on one database would destroy it.
 */
public final class ClaimRivals {
  private ClaimRivals() {}

  /** Those of the namespace that use the claim of this Registry, without itself. */
  public static Stream<Registry> of(Registry registry, Stream<Registry> inNamespace) {
    String claim = claim(registry);
    return claim == null
        ? Stream.empty()
        : inNamespace
            .filter(other -> claim.equals(claim(other)))
            .filter(other -> !name(other).equals(name(registry)));
  }

  /** The Registry that this one must leave the claim to. */
  public static Optional<String> before(Registry registry, Stream<Registry> inNamespace) {
    Comparator<Registry> order =
        Comparator.comparing((Registry one) -> !holds(one, claim(registry)))
            .thenComparing(one -> one.getMetadata().getCreationTimestamp())
            // Times are whole seconds: in one of them, whose name the claim has comes first.
            .thenComparing(one -> !StorageChoice.isOwnClaim(one.getSpec()))
            .thenComparing(ClaimRivals::name);
    return of(registry, inNamespace)
        .filter(other -> order.compare(other, registry) < 0)
        .min(order)
        .map(ClaimRivals::name);
  }

  /**
   * Whether a Registry was given the claim, as its status says, and has not been stopped since.
   * What runs at this moment does not count: between two pods of a rollout nothing does.
   */
  private static boolean holds(Registry registry, @Nullable String claim) {
    RegistryStatus status = registry.getStatus();
    return status != null
        && status.effective() != null
        && status.effective().path("storage").path("claimName").asText().equals(claim)
        && (registry.getSpec().replicas() > 0
            || (status.replicas() != null && status.replicas() > 0));
  }

  private static @Nullable String claim(Registry registry) {
    return StorageChoice.claimName(registry.getSpec(), RegistryNames.of(registry));
  }

  private static String name(Registry registry) {
    return registry.getMetadata().getName();
  }
}
