package dev.berth.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of an AccessPolicy: the subjects may do the actions in the repositories.
 *
 * @param policy {@code namespace/name} of the AccessPolicy, for messages and the audit log
 * @param expiresAt RFC 3339 instant from which the grant is void; null: never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Grant(
    String policy,
    List<Subject> subjects,
    List<PathPattern> repositories,
    Set<Action> actions,
    @Nullable String expiresAt) {

  public Grant {
    requireNonNull(policy, "policy");
    subjects = List.copyOf(requireNonNull(subjects, "subjects"));
    repositories = List.copyOf(requireNonNull(repositories, "repositories"));
    requireNonNull(actions, "actions");
    actions = Collections.unmodifiableSet(actions.isEmpty() ? Set.of() : EnumSet.copyOf(actions));
  }
}
