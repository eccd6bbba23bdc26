package dev.berth.api.v1alpha1.accesspolicy;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.RegistryRef;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may do what. Policies only add rights. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessPolicySpec(
    @Required @JsonPropertyDescription("The Registry.") RegistryRef registryRef,
    @Required @Size(min = 1, max = 256) @JsonPropertyDescription("Who gets the rights.")
        List<SubjectSpec> subjects,
    @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Which rights.")
        List<AccessRule> rules,
    @Size(max = 64)
        @JsonPropertyDescription(
            "When the policy stops to count, RFC 3339, for example 2027-01-01T00:00:00Z. "
                + "Default: never.")
        @Nullable String expiresAt,
    @JsonPropertyDescription(
            "Keeps a docker-registry Secret with the rights of this policy in namespaces. "
                + "Default: none.")
        @Nullable PullSecretsSpec pullSecrets) {

  /** Puts the documented defaults in place of what is absent. */
  public AccessPolicySpec {
    subjects = requireNonNullElse(subjects, List.of());
    rules = requireNonNullElse(rules, List.of());
  }
}
