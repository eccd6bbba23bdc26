package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.NamespaceSelection;
import dev.berth.api.v1alpha1.NamespacesFrom;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces an object means.
 *
 * @param selection null: its own
 * @param own the namespace of the object
 */
record NamespaceChoice(@Nullable NamespaceSelection selection, String own) {

  /**
   * Whether it means the namespace.
   *
   * @param labels of a namespace by its name; empty: it is not known (yet), and no selector selects
   *     it
   */
  boolean selects(String namespace, Function<String, Optional<Map<String, String>>> labels) {
    NamespacesFrom from = selection == null ? NamespacesFrom.SAME : selection.from();
    return switch (from) {
      case SAME -> namespace.equals(own);
      case ALL -> true;
      case LIST -> selection != null && selection.names().contains(namespace);
      case SELECTOR -> {
        LabelSelector selector = selection == null ? null : selection.selector();
        yield selector != null
            && labels.apply(namespace).filter(found -> matches(selector, found)).isPresent();
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
