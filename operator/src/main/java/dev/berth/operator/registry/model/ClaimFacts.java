package dev.berth.operator.registry.model;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claim says of itself.
 *
 * @param requested the size that it asks for
 * @param capacity the size of its volume; null: there is none yet, or nobody says it
 * @param ending whether it is being deleted
 */
public record ClaimFacts(
    @Nullable Quantity requested,
    @Nullable Quantity capacity,
    @Nullable String phase,
    @Nullable String storageClassName,
    List<String> accessModes,
    @Nullable String volumeMode,
    boolean ending) {
  private static final String STORAGE = "storage";

  public static ClaimFacts of(PersistentVolumeClaim claim) {
    var spec = claim.getSpec();
    var status = claim.getStatus();
    return new ClaimFacts(
        spec.getResources() == null || spec.getResources().getRequests() == null
            ? null
            : spec.getResources().getRequests().get(STORAGE),
        status == null || status.getCapacity() == null ? null : status.getCapacity().get(STORAGE),
        status == null ? null : status.getPhase(),
        spec.getStorageClassName(),
        spec.getAccessModes(),
        spec.getVolumeMode(),
        claim.getMetadata().getDeletionTimestamp() != null);
  }

  public boolean isBound() {
    return "Bound".equals(phase);
  }

  /** Whether the volume is not yet as large as the claim asks for. */
  public boolean isGrowing() {
    return isBound() && requested != null && capacity != null && isLess(capacity, requested);
  }

  /** Whether a server may keep files on it. */
  public boolean isWritable() {
    return !"Block".equals(volumeMode)
        && (accessModes.isEmpty()
            || accessModes.stream().anyMatch(mode -> !mode.equals("ReadOnlyMany")));
  }

  static boolean isLess(Quantity a, Quantity b) {
    return a.getNumericalAmount().compareTo(b.getNumericalAmount()) < 0;
  }
}
