package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.registry.QuotaSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.RepositoryDefaults;
import dev.berth.policy.SpaceRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the space of a whole Registry, and for paths that no Repository declares. Pure.
 */
public final class SpaceCompiler {
  private SpaceCompiler() {}

  /** The part of the policy document, but for what Pods run. */
  static SpaceRules rules(Registry registry) {
    RegistrySpec spec = registry.getSpec();
    RepositoryDefaults defaults = defaults(spec);
    QuotaSpec quota = spec.quota();
    return new SpaceRules(
        quota == null ? null : QuotaCompiler.bytes(quota.storage()),
        defaults == null ? null : QuotaCompiler.of(defaults.quota()),
        defaults == null ? null : RetentionCompiler.of(defaults.retention(), registry),
        Collections.emptySortedSet(),
        OrderAnnotation.RUN_GARBAGE_COLLECTION.of(registry));
  }

  /** What of the Registry's own spec cannot be used, and is left out of the document. */
  public static List<String> problems(RegistrySpec spec) {
    List<String> problems = new ArrayList<>();
    if (spec.quota() != null) {
      QuotaCompiler.problem("spec.quota.storage", spec.quota().storage()).ifPresent(problems::add);
    }
    RepositoryDefaults defaults = defaults(spec);
    if (defaults != null) {
      problems.addAll(QuotaCompiler.problems("spec.repositories.defaults.quota", defaults.quota()));
      problems.addAll(
          RetentionCompiler.problems("spec.repositories.defaults.retention", defaults.retention()));
    }
    return problems;
  }

  /** What holds for repositories that nobody declares; null: nothing is said. */
  public static @Nullable RepositoryDefaults defaults(RegistrySpec spec) {
    return spec.repositories() == null ? null : spec.repositories().defaults();
  }
}
