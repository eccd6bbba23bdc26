package dev.berth.api.v1alpha1.accesspolicy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.policy.Subject;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Whom a policy names. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.kind in ['User', 'Group'] ? has(self.name) : true",
    message = "a subject of kind User or Group needs a name",
    fieldPath = ".name")
@ValidationRule(
    value = "self.kind in ['Anonymous', 'Authenticated'] ? !has(self.name) : true",
    message = "a subject of kind Anonymous or Authenticated has no name",
    fieldPath = ".name")
@ValidationRule(
    value = "(self.kind == 'ServiceAccount') == has(self.__namespace__)",
    message = "a subject of kind ServiceAccount needs a namespace, and no other kind has one",
    fieldPath = ".namespace")
public record SubjectSpec(
    @Required
        @JsonPropertyDescription(
            "User, Group, ServiceAccount, Authenticated (everybody with credentials) or "
                + "Anonymous (everybody).")
        Subject.Kind kind,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Name of the user, group or ServiceAccount. A ServiceAccount without one means "
                + "every ServiceAccount of the namespace.")
        @Nullable String name,
    @Size(min = 1, max = 63)
        @Pattern(Grammar.NAMESPACE_NAME)
        @JsonPropertyDescription("Namespace of the ServiceAccount.")
        @Nullable String namespace) {}
