package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.NamespaceSelection;
import dev.berth.api.v1alpha1.NamespacesFrom;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.TenancyRule;
import dev.berth.policy.PathPattern;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        .filter(rule -> selects(rule.namespaces(), namespace))
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

  private boolean selects(@Nullable NamespaceSelection selection, String namespace) {
    NamespacesFrom from = selection == null ? NamespacesFrom.SAME : selection.from();
    return switch (from) {
      case SAME -> namespace.equals(registryNamespace);
      case ALL -> true;
      case LIST -> selection != null && selection.names().contains(namespace);
      case SELECTOR -> {
        LabelSelector selector = selection == null ? null : selection.selector();
        yield selector != null
            && namespaceLabels
                .apply(namespace)
                .filter(labels -> matches(selector, labels))
                .isPresent();
      }
    };
  }

  /**
   * By the rules of metav1.LabelSelector: every requirement holds; none at all selects everything.
   */
  private static boolean matches(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> equal = selector.getMatchLabels();
    List<LabelSelectorRequirement> requirements = selector.getMatchExpressions();
    return (equal == null || labels.entrySet().containsAll(equal.entrySet()))
        && (requirements == null
            || requirements.stream().allMatch(requirement -> holds(requirement, labels)));
  }

  private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      // The API server refuses every other operator; one that is unknown here gives no right.
      default -> false;
    };
  }
}
