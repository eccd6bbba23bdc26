package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Part of a token request: {@code repository:NAME:ACTION,ACTION}. */
record Scope(RepositoryName repository, Set<Action> actions) {
  /** What lists repositories; which ones, the policy says at each request. */
  static final String CATALOG = "registry:catalog:*";

  private static final String TYPE = "repository:";

  /**
   * The repositories of scope parameters, each of which may hold several scopes with spaces between
   * them. What is asked of anything else than a repository is left out here.
   */
  static Map<RepositoryName, Set<Action>> parse(Collection<String> parameters) {
    Map<RepositoryName, Set<Action>> wanted = new LinkedHashMap<>();
    for (String parameter : parameters) {
      for (String word : parameter.split(" ", -1)) {
        parse(word)
            .ifPresent(
                scope ->
                    wanted
                        .computeIfAbsent(scope.repository, name -> EnumSet.noneOf(Action.class))
                        .addAll(scope.actions));
      }
    }
    return wanted;
  }

  static boolean namesCatalog(Collection<String> parameters) {
    return parameters.stream()
        .flatMap(parameter -> Arrays.stream(parameter.split(" ", -1)))
        .anyMatch(CATALOG::equals);
  }

  private static Optional<Scope> parse(String word) {
    int colon = word.lastIndexOf(':');
    if (!word.startsWith(TYPE) || colon < TYPE.length()) {
      return Optional.empty();
    }
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String action : word.substring(colon + 1).split(",", -1)) {
      switch (action) {
        case "pull" -> actions.add(Action.PULL);
        case "push" -> actions.add(Action.PUSH);
        case "delete" -> actions.add(Action.DELETE);
        case "*" -> actions.addAll(EnumSet.allOf(Action.class));
        default -> {
          // Another registry's action: this one has nothing to grant for it.
        }
      }
    }
    try {
      return Optional.of(
          new Scope(new RepositoryName(word.substring(TYPE.length(), colon)), actions));
    } catch (OciException notAName) {
      return Optional.empty();
    }
  }
}
