package dev.berth.operator.access;

import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicySpec;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicyStatus;
import dev.berth.operator.kubernetes.Acceptance;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.policy.Verdict;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The only place that writes an AccessPolicy's status. */
final class AccessPolicyStatusFactory {
  private final Clock clock;

  AccessPolicyStatusFactory(Clock clock) {
    this.clock = clock;
  }

  AccessPolicyStatus paused(AccessPolicy policy) {
    return status(policy, Acceptance.paused(before(policy).conditions()));
  }

  /** Whether the status is what a Registry said of this generation. */
  boolean isJudged(AccessPolicy policy) {
    return policy.getMetadata().getGeneration().equals(before(policy).observedGeneration())
        && Acceptance.isJudged(before(policy).conditions());
  }

  AccessPolicyStatus withoutRegistry(AccessPolicy policy, String registry) {
    return status(
        policy,
        Acceptance.withoutRegistry(registry)
            .isFalse(
                ConditionType.ENFORCED,
                Reason.REGISTRY_MISSING,
                "There is no Registry " + registry));
  }

  /**
   * The status of a policy whose Registry exists.
   *
   * @param verdict empty until the Registry has looked at this generation
   * @param enforced whether every replica decides by the compiled policy that the verdict is part
   *     of
   */
  AccessPolicyStatus judged(AccessPolicy policy, Optional<Verdict> verdict, boolean enforced) {
    Conditions conditions = Acceptance.of(verdict);
    boolean counts =
        verdict.filter(v -> v.isAccepted() || v.reason() == Reason.NOT_ALLOWED).isPresent();
    if (!counts) {
      Reason reason = verdict.map(Verdict::reason).orElse(Reason.PENDING);
      conditions.set(
          ConditionType.ENFORCED,
          verdict.isPresent() ? ConditionStatus.FALSE : ConditionStatus.UNKNOWN,
          reason,
          verdict.isPresent()
              ? "The AccessPolicy grants nothing"
              : "The Registry has not looked at this yet");
    } else if (enforced) {
      conditions.isTrue(
          ConditionType.ENFORCED, Reason.ENFORCED, "Every replica decides by this AccessPolicy");
    } else {
      String message = "Not every replica decides by this AccessPolicy yet";
      conditions.isFalse(ConditionType.ENFORCED, Reason.PENDING, message);
      if (verdict.orElseThrow().isAccepted()) {
        conditions
            .isFalse(ConditionType.READY, Reason.PENDING, message)
            .isTrue(ConditionType.RECONCILING, Reason.PENDING, message);
      }
    }
    Acceptance.notYetSupported(conditions, leftOut(policy.getSpec()));
    return status(policy, conditions);
  }

  private AccessPolicyStatus status(AccessPolicy policy, Conditions conditions) {
    long generation = policy.getMetadata().getGeneration();
    return AccessPolicyStatus.builder()
        .observedGeneration(generation)
        .conditions(conditions.merge(before(policy).conditions(), generation, clock))
        .build();
  }

  private static List<String> leftOut(AccessPolicySpec spec) {
    return spec.pullSecrets() == null ? List.of() : List.of("pullSecrets");
  }

  private static AccessPolicyStatus before(AccessPolicy policy) {
    return policy.getStatus() == null ? AccessPolicyStatus.builder().build() : policy.getStatus();
  }
}
