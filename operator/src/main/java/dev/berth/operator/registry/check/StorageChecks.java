package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.ClaimFacts;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import dev.berth.operator.registry.model.StorageModel.Hold;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a server may write to the claim. */
public final class StorageChecks {

  private record Problem(Reason reason, String message, Hold hold) {}

  private StorageChecks() {}

  static Stream<Finding> claim(Registry registry, References references, Instant now) {
    return problem(registry, references).stream()
        .map(
            problem ->
                new Finding(
                    ConditionType.STORAGE_READY,
                    problem.reason(),
                    Effect.NOT_READY,
                    problem.message()));
  }

  /** What becomes of the pods because of it. */
  public static Hold hold(Registry registry, References references) {
    return problem(registry, references).map(Problem::hold).orElse(Hold.NONE);
  }

  private static Optional<Problem> problem(Registry registry, References references) {
    RegistryNames names = RegistryNames.of(registry);
    String name = StorageChoice.claimName(registry.getSpec(), names);
    if (name == null) {
      return Optional.empty();
    }
    if (references.claimRival() != null) {
      return Optional.of(
          new Problem(
              Reason.CONFLICT,
              "Claim %s is that of Registry %s, and two servers on one claim would destroy what is"
                      .formatted(name, references.claimRival())
                  + " on it",
              Hold.STOPPED));
    }
    PersistentVolumeClaim claim = references.claim();
    boolean own = StorageChoice.isOwnClaim(registry.getSpec());
    if (claim == null) {
      return own
          ? Optional.empty()
          : Optional.of(
              new Problem(
                  Reason.CLAIM_MISSING,
                  "There is no PersistentVolumeClaim %s in this namespace".formatted(name),
                  Hold.NONE));
    }
    if (own && !names.name().equals(Labels.registryOf(claim))) {
      return Optional.of(
          new Problem(
              Reason.CONFLICT,
              "PersistentVolumeClaim %s exists and is not this Registry's".formatted(name),
              Hold.UNTOUCHED));
    }
    return inUse(name, ClaimFacts.of(claim), references);
  }

  private static Optional<Problem> inUse(String name, ClaimFacts facts, References references) {
    if (facts.ending()) {
      return Optional.of(
          new Problem(
              Reason.CLAIM_ENDING,
              "Claim %s is being deleted, and goes with its images when no pod uses it any more"
                  .formatted(name),
              Hold.UNTOUCHED));
    }
    if (!facts.isWritable()) {
      return Optional.of(
          new Problem(
              Reason.CLAIM_UNUSABLE,
              "Claim %s has accessModes %s and volumeMode %s"
                  .formatted(name, String.join(", ", facts.accessModes()), facts.volumeMode()),
              Hold.UNTOUCHED));
    }
    return references.claimUsers().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.CLAIM_IN_USE,
                "Claim %s is in use by Pod %s"
                    .formatted(name, String.join(", ", references.claimUsers())),
                Hold.UNTOUCHED));
  }
}
