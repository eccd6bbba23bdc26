package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.NamespaceSelection;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Namespaces that may declare Repositories and AccessPolicies for some paths. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.namespaces) || self.namespaces.from != 'List'",
    message = "tenancy takes from: Same, All or Selector; label the namespaces and select them",
    fieldPath = ".namespaces.from")
public record TenancyRule(
    @JsonPropertyDescription(
            "Which namespaces may: from Same (that of the Registry), All, or Selector. "
                + "Default: Same.")
        @Nullable NamespaceSelection namespaces,
    @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription(
            "For which paths: one repository (a/b), every one below a path (a/**) or every "
                + "one (**). The part {namespace} stands for the declaring namespace.")
        List<@Size(min = 1, max = 255) @Pattern(Grammar.TENANCY_PATH) String> paths) {

  /** Puts the documented defaults in place of what is absent. */
  public TenancyRule {
    paths = requireNonNullElse(paths, List.of());
  }
}
