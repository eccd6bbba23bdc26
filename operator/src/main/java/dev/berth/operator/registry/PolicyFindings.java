package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.operator.policy.CompiledPolicy;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;

/** What can be wrong with the policy as a whole. */
final class PolicyFindings {
  private PolicyFindings() {}

  static Finding tooLarge(CompiledPolicy compiled) {
    return new Finding(
        ConditionType.POLICY_ENFORCED,
        Reason.POLICY_TOO_LARGE,
        Effect.NOT_READY,
        "%d Repositories and %d AccessPolicies do not fit into one Secret"
            .formatted(compiled.repositories().size(), compiled.accessPolicies().size()));
  }
}
