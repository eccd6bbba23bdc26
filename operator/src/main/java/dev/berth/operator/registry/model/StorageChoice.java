package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.AccessMode;
import dev.berth.api.v1alpha1.registry.PersistentVolumeClaimStorage;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.operator.registry.model.StorageModel.Hold;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes of spec and claim what can be: a claim that is there, because a Registry of the same name
 * left it, keeps what the API server lets nobody change.
 */
public final class StorageChoice {
  private static final PersistentVolumeClaimStorage DEFAULT =
      new PersistentVolumeClaimStorage(new Quantity("20Gi"), null, AccessMode.READ_WRITE_ONCE);

  private StorageChoice() {}

  /** The claim of a Registry's own, or the one that its spec names; null: none but a bucket. */
  public static @Nullable String claimName(RegistrySpec spec, RegistryNames names) {
    if (spec.storage() != null && spec.storage().existingClaim() != null) {
      return spec.storage().existingClaim().claimName();
    }
    return spec.storage() != null && spec.storage().s3() != null ? null : names.claim();
  }

  /** Whether the operator makes the claim. */
  public static boolean isOwnClaim(RegistrySpec spec) {
    return spec.storage() == null
        || (spec.storage().existingClaim() == null && spec.storage().s3() == null);
  }

  /**
   * The storage of a Registry.
   *
   * @param claim the claim as it is; null: there is none yet
   */
  public static StorageModel of(
      RegistrySpec spec, RegistryNames names, @Nullable PersistentVolumeClaim claim, Hold hold) {
    if (spec.storage() != null && spec.storage().existingClaim() != null) {
      return new StorageModel.ExistingClaim(spec.storage().existingClaim().claimName(), hold);
    }
    PersistentVolumeClaimStorage asked =
        spec.storage() == null || spec.storage().persistentVolumeClaim() == null
            ? DEFAULT
            : spec.storage().persistentVolumeClaim();
    List<String> modes = List.of(JsonName.of(asked.accessMode()));
    if (claim == null) {
      return new StorageModel.OwnClaim(
          names.claim(), asked.size(), asked.storageClassName(), modes, List.of(), hold);
    }
    ClaimFacts facts = ClaimFacts.of(claim);
    return new StorageModel.OwnClaim(
        names.claim(),
        size(asked.size(), facts),
        facts.storageClassName() == null ? asked.storageClassName() : facts.storageClassName(),
        facts.accessModes().isEmpty() ? modes : facts.accessModes(),
        kept(asked, modes, facts),
        hold);
  }

  /** A claim never shrinks, and the API server lets only one grow that has its volume. */
  private static Quantity size(Quantity asked, ClaimFacts facts) {
    Quantity requested = facts.requested();
    return requested == null || (facts.isBound() && ClaimFacts.isLess(requested, asked))
        ? asked
        : requested;
  }

  private static List<String> kept(
      PersistentVolumeClaimStorage asked, List<String> modes, ClaimFacts facts) {
    List<String> kept = new ArrayList<>();
    if (facts.requested() != null && ClaimFacts.isLess(asked.size(), facts.requested())) {
      kept.add("size %s, for a claim never shrinks".formatted(facts.requested()));
    }
    if (asked.storageClassName() != null
        && facts.storageClassName() != null
        && !asked.storageClassName().equals(facts.storageClassName())) {
      kept.add("storageClassName " + facts.storageClassName());
    }
    if (!facts.accessModes().isEmpty() && !facts.accessModes().equals(modes)) {
      kept.add("accessMode " + String.join(", ", facts.accessModes()));
    }
    return kept;
  }
}
