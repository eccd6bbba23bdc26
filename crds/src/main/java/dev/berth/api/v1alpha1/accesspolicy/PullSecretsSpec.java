package dev.berth.api.v1alpha1.accesspolicy;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.NamespaceSelection;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A docker-registry Secret that is kept in namespaces. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.namespaces) || self.namespaces.from != 'All'",
    message =
        "pull secrets take from: Same, Selector or List; label the namespaces and " + "select them",
    fieldPath = ".namespaces.from")
public record PullSecretsSpec(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("Name of the Secret in each namespace.")
        String name,
    @JsonPropertyDescription(
            "Which namespaces get it: from Same, Selector, or List. Default: Same.")
        @Nullable NamespaceSelection namespaces,
    @Size(max = 64)
        @JsonPropertyDescription(
            "ServiceAccounts whose imagePullSecrets get the Secret, and lose it again.")
        List<@Size(min = 1, max = 253) @Pattern(Grammar.OBJECT_NAME) String>
            attachToServiceAccounts,
    @Default("720h")
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription(
            "How often the credential is made anew. The old one works until every copy is "
                + "replaced. Default: 720h.")
        String rotation) {

  /** Puts the documented defaults in place of what is absent. */
  public PullSecretsSpec {
    attachToServiceAccounts = requireNonNullElse(attachToServiceAccounts, List.of());
    rotation = requireNonNullElse(rotation, "720h");
  }
}
