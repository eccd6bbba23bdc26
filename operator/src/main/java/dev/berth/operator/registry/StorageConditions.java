package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.ClaimFacts;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.server.ServerUsage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the claim and the server say of the storage. */
final class StorageConditions {
  private static final String PENDING_ON_NODE = "FileSystemResizePending";

  /** With these a driver, or a kubelet, gives up until something changes. */
  private static final Set<String> FAILED = Set.of("ControllerResizeError", "NodeResizeError");

  private StorageConditions() {}

  static void add(
      Conditions conditions, RegistryModel model, @Nullable PersistentVolumeClaim claim) {
    String name = model.storage().claimName();
    ClaimFacts facts = claim == null ? null : ClaimFacts.of(claim);
    if (claim != null && facts != null && facts.isGrowing()) {
      conditions.isTrue(
          ConditionType.STORAGE_READY,
          Reason.RESIZING,
          "Claim %s grows from %s to %s%s"
              .formatted(
                  name,
                  facts.capacity(),
                  facts.requested(),
                  condition(claim, Set.of(PENDING_ON_NODE)).isPresent()
                      ? "; its node has to enlarge the file system"
                      : ""));
    } else if (facts != null && facts.isBound()) {
      conditions.isTrue(
          ConditionType.STORAGE_READY,
          Reason.BOUND,
          "Claim %s is bound%s%s"
              .formatted(
                  name, facts.capacity() == null ? "" : ", " + facts.capacity(), kept(model)));
    } else if (facts != null && "Lost".equals(facts.phase())) {
      conditions.isFalse(
          ConditionType.STORAGE_READY,
          Reason.CLAIM_LOST,
          "Claim %s has lost its volume".formatted(name));
    } else {
      conditions.isUnknown(
          ConditionType.STORAGE_READY,
          Reason.CLAIM_PENDING,
          "Claim %s waits for a volume".formatted(name));
    }
  }

  /** What is wrong with a storage that is there. */
  static Stream<Finding> findings(RegistryModel model, Observed observed) {
    return Stream.concat(full(model, observed.usage()), notGrowing(observed.claim()));
  }

  private static Stream<Finding> full(RegistryModel model, @Nullable ServerUsage usage) {
    return usage == null || !usage.isFull()
        ? Stream.empty()
        : Stream.of(
            new Finding(
                ConditionType.STORAGE_READY,
                Reason.DISK_FULL,
                Effect.NOT_READY,
                "The volume of claim %s is full, so that pushes fail"
                    .formatted(model.storage().claimName())));
  }

  private static Stream<Finding> notGrowing(@Nullable PersistentVolumeClaim claim) {
    if (claim == null || !ClaimFacts.of(claim).isGrowing()) {
      return Stream.empty();
    }
    return condition(claim, FAILED).stream()
        .map(
            failed ->
                new Finding(
                    ConditionType.STORAGE_READY,
                    Reason.EXPANSION_REFUSED,
                    Effect.NOTED,
                    "Claim %s stays at %s: %s"
                        .formatted(
                            claim.getMetadata().getName(),
                            ClaimFacts.of(claim).capacity(),
                            failed.getMessage() == null ? failed.getType() : failed.getMessage())));
  }

  private static Optional<PersistentVolumeClaimCondition> condition(
      PersistentVolumeClaim claim, Set<String> types) {
    return claim.getStatus().getConditions().stream()
        .filter(one -> types.contains(one.getType()) && "True".equals(one.getStatus()))
        .findFirst();
  }

  private static String kept(RegistryModel model) {
    return model.storage() instanceof StorageModel.OwnClaim own && !own.kept().isEmpty()
        ? "; other than the spec says it keeps " + String.join("; ", own.kept())
        : "";
  }
}
