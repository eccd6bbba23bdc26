package dev.berth.operator.access;

import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicyStatus;
import dev.berth.api.v1alpha1.accesspolicy.PullSecretsStatus;
import dev.berth.operator.kubernetes.Acceptance;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.pullsecrets.Distribution;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The only place that writes an AccessPolicy's status. */
final class AccessPolicyStatusFactory {
  private final Clock clock;

  AccessPolicyStatusFactory(Clock clock) {
    this.clock = clock;
  }

  AccessPolicyStatus paused(AccessPolicy policy) {
    return status(
        policy, Acceptance.paused(before(policy).conditions()), before(policy).pullSecrets());
  }

  /** Whether the status is what a Registry said of this generation. */
  boolean isJudged(AccessPolicy policy) {
    return policy.getMetadata().getGeneration().equals(before(policy).observedGeneration())
        && Acceptance.isJudged(before(policy).conditions());
  }

  AccessPolicyStatus withoutRegistry(AccessPolicy policy, String registry) {
    String message = "There is no Registry " + registry;
    Conditions conditions =
        Acceptance.withoutRegistry(registry)
            .isFalse(ConditionType.ENFORCED, Reason.REGISTRY_MISSING, message);
    if (policy.getSpec().pullSecrets() != null) {
      conditions.isFalse(ConditionType.SECRETS_DISTRIBUTED, Reason.REGISTRY_MISSING, message);
    }
    return status(policy, conditions, null);
  }

  /**
   * The status of a policy whose Registry exists.
   *
   * @param verdict empty until the Registry has looked at this generation
   * @param enforced whether every replica decides by the compiled policy that the verdict is part
   *     of
   * @param distribution empty: the pull secrets were not looked at
   */
  AccessPolicyStatus judged(
      AccessPolicy policy,
      Optional<Verdict> verdict,
      boolean enforced,
      Optional<Distribution> distribution) {
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
    if (policy.getSpec().pullSecrets() == null) {
      return status(policy, conditions, null);
    }
    DistributionConditions.add(conditions, policy, verdict, distribution);
    return status(
        policy,
        conditions,
        distribution
            .map(AccessPolicyStatusFactory::pullSecrets)
            .orElse(before(policy).pullSecrets()));
  }

  private static PullSecretsStatus pullSecrets(Distribution distribution) {
    return new PullSecretsStatus(
        distribution.namespaces(),
        distribution.rotatedAt().map(Instant::toString).orElse(null),
        distribution.rotatesAt().map(Instant::toString).orElse(null));
  }

  private AccessPolicyStatus status(
      AccessPolicy policy, Conditions conditions, @Nullable PullSecretsStatus pullSecrets) {
    long generation = policy.getMetadata().getGeneration();
    return AccessPolicyStatus.builder()
        .observedGeneration(generation)
        .conditions(conditions.merge(before(policy).conditions(), generation, clock))
        .pullSecrets(pullSecrets)
        .build();
  }

  private static AccessPolicyStatus before(AccessPolicy policy) {
    return policy.getStatus() == null ? AccessPolicyStatus.builder().build() : policy.getStatus();
  }
}
