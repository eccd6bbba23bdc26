package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.ExpireRule;
import dev.berth.api.v1alpha1.KeepRule;
import dev.berth.api.v1alpha1.RetentionMode;
import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the rules of a spec into those of the policy document. Pure. */
public final class RetentionCompiler {
  /** The server reads nine digits; nobody has so many tags. */
  private static final int MOST = 999_999_999;

  private RetentionCompiler() {}

  /**
   * The rules; null: nothing goes, also where a part of them cannot be used.
   *
   * @param object whose annotations order a run, and acknowledge one
   */
  static @Nullable Retention of(@Nullable RetentionSpec spec, HasMetadata object) {
    if (spec == null || !problems("", spec).isEmpty()) {
      return null;
    }
    return rules(
        spec,
        OrderAnnotation.ACKNOWLEDGE_RETENTION.of(object),
        OrderAnnotation.RUN_RETENTION.of(object));
  }

  /** How a server calls these rules when it speaks of them; of rules that can be used. */
  public static String hash(RetentionSpec spec) {
    return PolicyDocumentFormat.hash(rules(spec, null, null));
  }

  private static Retention rules(
      RetentionSpec spec, @Nullable String acknowledged, @Nullable String runRequest) {
    return new Retention(
        spec.keep().stream().map(RetentionCompiler::keep).toList(),
        spec.expire().stream().map(RetentionCompiler::expire).toList(),
        spec.schedule(),
        spec.mode() == RetentionMode.ENFORCE,
        most(spec.maxDeletions()),
        acknowledged,
        runRequest);
  }

  /**
   * What of it cannot be used, so that nothing goes.
   *
   * @param path of the field, for the message
   */
  public static List<String> problems(String path, @Nullable RetentionSpec spec) {
    return spec == null
        ? List.of()
        : CronSchedule.problem(spec.schedule()).stream()
            .map(
                problem ->
                    "%s.schedule %s %s, so that nothing goes"
                        .formatted(path, spec.schedule(), problem))
            .toList();
  }

  private static String most(IntOrString maxDeletions) {
    return maxDeletions.getIntVal() == null
        ? String.valueOf(maxDeletions.getValue())
        : String.valueOf(Math.min(maxDeletions.getIntVal(), MOST));
  }

  private static Retention.Keep keep(KeepRule rule) {
    return new Retention.Keep(
        rule.tags(),
        rule.mostRecentlyPushed(),
        rule.pulledWithin() == null ? null : GoDuration.read(rule.pulledWithin()).toMillis(),
        Boolean.TRUE.equals(rule.always()));
  }

  private static Retention.Expire expire(ExpireRule rule) {
    return new Retention.Expire(
        rule.tags(),
        Boolean.TRUE.equals(rule.untagged()),
        GoDuration.read(rule.pushedBefore()).toMillis());
  }
}
