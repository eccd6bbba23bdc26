package dev.berth.operator.registry;

import dev.berth.operator.server.PolicyDelivery;
import dev.berth.operator.server.ServerSpace;
import dev.berth.operator.server.ServerUsage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a visit found of the running registry; null: not there (yet).
 *
 * @param claim the claim in use, the operator's or the user's
 * @param pods all of the registry's pods
 * @param served fingerprints of the certificates that the replicas present; null: not known
 * @param space what it stores, and what of it goes
 */
record Observed(
    @Nullable Deployment workload,
    @Nullable Service service,
    @Nullable PersistentVolumeClaim claim,
    List<Pod> pods,
    PolicyDelivery.Outcome policy,
    @Nullable Set<String> served,
    @Nullable ServerSpace space) {

  /** What it stores; null: not known yet. */
  @Nullable ServerUsage usage() {
    return space == null ? null : space.usage();
  }
}
