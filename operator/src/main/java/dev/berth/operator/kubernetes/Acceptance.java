package dev.berth.operator.kubernetes;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.operator.policy.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * The conditions that Repository and AccessPolicy share: both count only as far as their Registry
 * takes them.
 */
public final class Acceptance {
  private Acceptance() {}

  /** The annotation keeps the verdict of earlier from being replaced. */
  public static Conditions paused(List<Condition> before) {
    Conditions conditions = new Conditions();
    before.stream()
        .filter(old -> old.type().equals(ConditionType.READY.value()))
        .findFirst()
        .ifPresent(
            old ->
                conditions.set(
                    ConditionType.READY,
                    old.status(),
                    Reason.PAUSED,
                    "As it was when the operator was told to pause"));
    return conditions.isTrue(ConditionType.PAUSED, Reason.PAUSED, "The operator does not act");
  }

  /** There is no such Registry, so the object counts for nothing. */
  public static Conditions withoutRegistry(String registry) {
    String message = "There is no Registry " + registry;
    return new Conditions()
        .isFalse(ConditionType.ACCEPTED, Reason.REGISTRY_MISSING, message)
        .isFalse(ConditionType.READY, Reason.REGISTRY_MISSING, message)
        .isTrue(ConditionType.STALLED, Reason.REGISTRY_MISSING, message);
  }

  /**
   * Whether a Registry was asked when the conditions were written. After a start of the operator
   * they stand until it has visited the Registry: nothing has changed for the object.
   */
  public static boolean isJudged(List<Condition> before) {
    return before.stream()
        .filter(condition -> condition.type().equals(ConditionType.ACCEPTED.value()))
        .anyMatch(condition -> !condition.reason().equals(Reason.REGISTRY_MISSING.value()));
  }

  /**
   * What the Registry says of the object.
   *
   * @param verdict empty until the Registry has looked at this generation
   */
  public static Conditions of(Optional<Verdict> verdict) {
    Conditions conditions = new Conditions();
    if (verdict.isEmpty()) {
      String message = "The Registry has not looked at this yet";
      return conditions
          .isUnknown(ConditionType.ACCEPTED, Reason.PENDING, message)
          .isUnknown(ConditionType.READY, Reason.PENDING, message)
          .isTrue(ConditionType.RECONCILING, Reason.PENDING, message);
    }
    Verdict decided = verdict.get();
    ConditionStatus status = decided.isAccepted() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
    conditions.set(ConditionType.ACCEPTED, status, decided.reason(), decided.message());
    if (decided.isAccepted()) {
      return conditions.isTrue(ConditionType.READY, Reason.READY, decided.message());
    }
    return conditions
        .isFalse(ConditionType.READY, decided.reason(), decided.message())
        .isTrue(ConditionType.STALLED, decided.reason(), decided.message());
  }

  /** Names the fields that this version leaves out. */
  public static void notYetSupported(Conditions conditions, List<String> fields) {
    if (!fields.isEmpty()) {
      conditions.isFalse(
          ConditionType.SUPPORTED,
          Reason.NOT_YET_SUPPORTED,
          "This version leaves out spec." + String.join(", spec.", fields));
      if (conditions.firstNotTrue(List.of(ConditionType.READY)).isEmpty()) {
        conditions.isTrue(
            ConditionType.READY,
            Reason.READY,
            "It counts, but for what the condition Supported names");
      }
    }
  }
}
