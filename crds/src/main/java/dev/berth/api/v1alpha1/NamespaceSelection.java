package dev.berth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some namespaces of the cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.from == 'Selector' ? has(self.selector) : !has(self.selector)",
    message = "selector is needed with from: Selector, and allowed only there",
    fieldPath = ".selector")
@ValidationRule(
    value = "self.from == 'List' ? has(self.names) && size(self.names) > 0 : !has(self.names)",
    message = "names is needed with from: List, and allowed only there",
    fieldPath = ".names")
public record NamespaceSelection(
    @Default("Same")
        @JsonPropertyDescription(
            "How the namespaces are chosen. Same: the namespace of this object; All: every "
                + "namespace; Selector: those whose labels match selector; List: those in names. "
                + "Default: Same.")
        NamespacesFrom from,
    @JsonPropertyDescription(
            "Labels of the namespaces, with from: Selector. An empty selector matches "
                + "every namespace.")
        @Nullable LabelSelector selector,
    @Size(max = 256) @JsonPropertyDescription("Names of the namespaces, with from: List.")
        List<@Size(min = 1, max = 63) @Pattern(Grammar.NAMESPACE_NAME) String> names) {

  /** Puts the documented defaults in place of what is absent. */
  public NamespaceSelection {
    from = requireNonNullElse(from, NamespacesFrom.SAME);
    names = requireNonNullElse(names, List.of());
  }
}
