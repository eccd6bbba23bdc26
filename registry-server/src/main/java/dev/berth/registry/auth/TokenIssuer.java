package dev.berth.registry.auth;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.berth.policy.Action;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a token for what the policy allows at this moment of what was asked for. */
@Singleton
final class TokenIssuer {
  private static final int MAX_GROUPS = 50;

  private final Tokens tokens;
  private final PolicyInForce policy;
  private final RepositoryCatalog catalog;

  TokenIssuer(Tokens tokens, PolicyInForce policy, RepositoryCatalog catalog) {
    this.tokens = tokens;
    this.policy = policy;
    this.catalog = catalog;
  }

  Token.Issued issue(Caller caller, TokenRequest request) {
    List<TokenAccess> access = new ArrayList<>();
    request
        .wanted()
        .forEach(
            (repository, actions) -> {
              Set<Action> allowed = allowed(caller, repository, actions);
              if (!allowed.isEmpty()) {
                access.add(new TokenAccess(repository.value(), allowed, uid(repository)));
              }
            });
    return tokens.issue(withFewGroups(caller), access, request.catalog());
  }

  /** A token must fit into a header; of many groups it holds those that the policy names. */
  private Caller withFewGroups(Caller caller) {
    return caller.groups().size() <= MAX_GROUPS
        ? caller
        : caller.withGroups(
            caller.groups().stream().filter(policy::namesGroup).collect(toUnmodifiableSet()));
  }

  private Set<Action> allowed(Caller caller, RepositoryName repository, Set<Action> wanted) {
    Set<Action> allowed = EnumSet.noneOf(Action.class);
    allowed.addAll(wanted);
    allowed.removeIf(action -> !policy.decide(caller, repository, action).isAllowed());
    return allowed;
  }

  private @Nullable String uid(RepositoryName repository) {
    return catalog.find(repository).map(RepositoryCatalog.Repository::uid).orElse(null);
  }
}
