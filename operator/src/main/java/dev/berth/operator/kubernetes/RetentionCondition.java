package dev.berth.operator.kubernetes;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.RetentionMode;
import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.operator.policy.RetentionCompiler;
import dev.berth.operator.server.ServerHolding;
import dev.berth.operator.server.ServerRetention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what rules name is deleted; of a Repository's rules, or of a Registry's defaults. */
public final class RetentionCondition {
  private RetentionCondition() {}

  /**
   * Adds the condition, where there are rules.
   *
   * @param path of the rules in the spec
   * @param before the conditions that were said of these rules
   * @param holding what the server says; null: nothing (yet)
   */
  public static void add(
      Conditions conditions,
      String path,
      @Nullable RetentionSpec rules,
      List<Condition> before,
      @Nullable ServerHolding holding) {
    if (rules == null) {
      return;
    }
    List<String> problems = RetentionCompiler.problems(path, rules);
    if (!problems.isEmpty()) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED, Reason.INVALID_SPEC, String.join("; ", problems));
    } else if (holding == null) {
      // An operator that has just started has not asked yet.
      if (!conditions.keep(ConditionType.RETENTION_APPLIED, before)) {
        pending(conditions, path);
      }
    } else if (holding.retention() == null
        || !holding.retention().isBy(RetentionCompiler.hash(rules))) {
      // It may yet speak of the rules that were there before.
      pending(conditions, path);
    } else {
      told(conditions, path, rules, holding.retention());
    }
  }

  private static void pending(Conditions conditions, String path) {
    conditions.isUnknown(
        ConditionType.RETENTION_APPLIED,
        Reason.PENDING,
        "The server has not looked at the rules of %s yet".formatted(path));
  }

  private static void told(
      Conditions conditions, String path, RetentionSpec rules, ServerRetention told) {
    if (told.problem() != null && !told.held()) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED,
          Reason.INVALID_SPEC,
          "The server deletes nothing by %s: %s".formatted(path, told.problem()));
    } else if (told.preview() == null) {
      pending(conditions, path);
    } else if (rules.mode() == RetentionMode.DRY_RUN) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED,
          Reason.DRY_RUN,
          "%s.mode is DryRun, and nothing is deleted".formatted(path));
    } else if (told.held()) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED,
          Reason.TOO_MANY_DELETIONS,
          "A run would delete %d tags, more than %s.maxDeletions (%s); what it would delete has the revision %s"
              .formatted(
                  told.preview().expiringTags(),
                  path,
                  rules.maxDeletions().getValue(),
                  told.revision()));
    } else if (told.waiting()) {
      conditions.isUnknown(
          ConditionType.RETENTION_APPLIED,
          Reason.PENDING,
          "The server deletes nothing by %s until it hears again what Pods run".formatted(path));
    } else {
      conditions.isTrue(
          ConditionType.RETENTION_APPLIED,
          Reason.APPLIED,
          "What %s names goes at %s, UTC".formatted(path, rules.schedule()));
    }
  }
}
