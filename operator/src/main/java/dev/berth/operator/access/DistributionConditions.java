package dev.berth.operator.access;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.policy.PullSecretsCompiler;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.pullsecrets.Distribution;
import java.util.List;
import java.util.Optional;

/** What an AccessPolicy's conditions say of its pull secrets. */
final class DistributionConditions {
  private static final int NAMED = 10;

  private DistributionConditions() {}

  static void add(
      Conditions conditions,
      AccessPolicy policy,
      Optional<Verdict> verdict,
      Optional<Distribution> distribution) {
    Optional<PullSecretsCompiler.Problem> problem = PullSecretsCompiler.problem(policy);
    if (problem.isPresent()) {
      isFalse(conditions, problem.get().reason(), problem.get().message(), ConditionType.STALLED);
    } else if (verdict.isEmpty()) {
      conditions.isUnknown(
          ConditionType.SECRETS_DISTRIBUTED,
          Reason.PENDING,
          "The Registry has not looked at this yet");
    } else if (distribution.isEmpty()) {
      asBefore(conditions, policy);
    } else if (distribution.get().rotatedAt().isEmpty()) {
      conditions.isFalse(
          ConditionType.SECRETS_DISTRIBUTED,
          verdict.get().reason(),
          "What counts of the AccessPolicy lets nobody pull");
    } else {
      kept(conditions, policy, distribution.get());
    }
  }

  /** The Registry cannot be served now; what was made stays. */
  private static void asBefore(Conditions conditions, AccessPolicy policy) {
    Optional<Condition> before =
        policy.getStatus() == null
            ? Optional.empty()
            : policy.getStatus().conditions().stream()
                .filter(old -> old.type().equals(ConditionType.SECRETS_DISTRIBUTED.value()))
                .findFirst();
    conditions.set(
        ConditionType.SECRETS_DISTRIBUTED,
        before.map(Condition::status).orElse(ConditionStatus.UNKNOWN),
        Reason.PENDING,
        "The Registry does not serve: pull secrets stay as they are");
  }

  private static void kept(Conditions conditions, AccessPolicy policy, Distribution distribution) {
    String name = name(policy);
    if (!distribution.conflicts().isEmpty()) {
      isFalse(
          conditions,
          Reason.CONFLICT,
          "There is a Secret %s that is not this AccessPolicy's in %s"
              .formatted(name, named(distribution.conflicts())),
          ConditionType.STALLED);
    } else if (distribution.failure().isPresent()) {
      isFalse(
          conditions,
          Reason.API_FAILED,
          "Secret %s %s".formatted(name, distribution.failure().get()),
          ConditionType.RECONCILING);
    } else if (distribution.waiting() > 0) {
      conditions.isFalse(
          ConditionType.SECRETS_DISTRIBUTED,
          Reason.PENDING,
          "%s Secret %s when every replica decides by this AccessPolicy"
              .formatted(namespaces(distribution.waiting(), "gets", "get"), name));
    } else {
      conditions.isTrue(
          ConditionType.SECRETS_DISTRIBUTED,
          Reason.DISTRIBUTED,
          distribution.namespaces() == 0
              ? "No namespace is chosen now"
              : namespaces(distribution.namespaces(), "has", "have") + " Secret " + name);
    }
  }

  /** What keeps pull secrets from being there keeps the AccessPolicy from what it is for. */
  private static void isFalse(
      Conditions conditions, Reason reason, String message, ConditionType also) {
    conditions.isFalse(ConditionType.SECRETS_DISTRIBUTED, reason, message);
    if (conditions.firstNotTrue(List.of(ConditionType.READY)).isEmpty()) {
      conditions.isFalse(ConditionType.READY, reason, message).isTrue(also, reason, message);
    }
  }

  private static String name(AccessPolicy policy) {
    return policy.getSpec().pullSecrets() == null ? "" : policy.getSpec().pullSecrets().name();
  }

  private static String namespaces(int number, String one, String several) {
    return number == 1 ? "1 namespace " + one : number + " namespaces " + several;
  }

  private static String named(List<String> namespaces) {
    String first = String.join(", ", namespaces.subList(0, Math.min(NAMED, namespaces.size())));
    String word = namespaces.size() == 1 ? "namespace " : "namespaces ";
    return namespaces.size() <= NAMED
        ? word + first
        : word + first + " and %d more".formatted(namespaces.size() - NAMED);
  }
}
