package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.TenancyRule;
import dev.berth.policy.PathPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which paths the Registry gives to which namespace. Without a rule, its own namespace has every
 * path.
 */
final class Tenancy {
  private static final TenancyRule OWN_NAMESPACE = new TenancyRule(null, List.of("**"));

  private final String registryNamespace;
  private final List<TenancyRule> rules;
  private final Function<String, Optional<Map<String, String>>> namespaceLabels;

  /**
   * Reads the rules of a Registry.
   *
   * @param namespaceLabels the labels of a namespace by its name; empty: it is not known (yet), and
   *     no selector selects it
   */
  Tenancy(Registry registry, Function<String, Optional<Map<String, String>>> namespaceLabels) {
    this.registryNamespace = registry.getMetadata().getNamespace();
    List<TenancyRule> declared = registry.getSpec().tenancy();
    this.rules = declared.isEmpty() ? List.of(OWN_NAMESPACE) : declared;
    this.namespaceLabels = namespaceLabels;
  }

  /** Everything that the namespace may declare. */
  List<PathPattern> pathsOf(String namespace) {
    return rules.stream()
        .filter(
            rule ->
                new NamespaceChoice(rule.namespaces(), registryNamespace)
                    .selects(namespace, namespaceLabels))
        .flatMap(rule -> rule.paths().stream())
        .map(path -> new PathPattern(path.replace("{namespace}", namespace)))
        .distinct()
        .toList();
  }

  /** Why a namespace may not declare a path, for its user. */
  static String refusal(String namespace, List<PathPattern> allowed) {
    return allowed.isEmpty()
        ? "the Registry gives namespace %s no path".formatted(namespace)
        : "the Registry gives namespace %s only %s"
            .formatted(
                namespace,
                allowed.stream().map(PathPattern::value).collect(Collectors.joining(", ")));
  }
}
