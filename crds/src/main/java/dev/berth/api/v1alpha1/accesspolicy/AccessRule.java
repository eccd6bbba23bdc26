package dev.berth.api.v1alpha1.accesspolicy;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.policy.Action;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Actions in some repositories. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessRule(
    @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription(
            "One repository (a/b), every one below a path (a/**) or every one (**). What "
                + "the tenancy of the Registry does not give to this namespace does not count.")
        List<@Size(min = 1, max = 255) @Pattern(Grammar.PATH_PATTERN) String> repositories,
    @Required
        @Size(min = 1, max = 3)
        @JsonPropertyDescription(
            "What the subjects may do there: Pull, Push, Delete. No action implies another.")
        List<Action> actions) {

  /** Puts the documented defaults in place of what is absent. */
  public AccessRule {
    repositories = requireNonNullElse(repositories, List.of());
    actions = requireNonNullElse(actions, List.of());
  }
}
