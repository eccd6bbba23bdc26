package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.Credentials;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.Logins;
import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.context.annotation.Secondary;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives way to any other access control that takes part, such as a test's. Credentials say who a
 * caller is, the policy in force says what it may do. A token narrows that further, and never
 * widens it: what it was made for is not asked of the policy of that time.
 */
@Singleton
@Secondary
final class PolicyAccessControl implements AccessControl {
  private final Tokens tokens;
  private final Logins logins;
  private final PolicyInForce policy;
  private final RepositoryCatalog catalog;
  private final Challenges challenges;
  private final RequestRate rate;

  PolicyAccessControl(
      Tokens tokens,
      Logins logins,
      PolicyInForce policy,
      RepositoryCatalog catalog,
      Challenges challenges,
      RequestRate rate) {
    this.tokens = tokens;
    this.logins = logins;
    this.policy = policy;
    this.catalog = catalog;
    this.challenges = challenges;
    this.rate = rate;
  }

  @Override
  public Caller authenticate(HttpRequest<?> request) {
    return identify(request, null).caller;
  }

  @Override
  public Caller require(HttpRequest<?> request, RepositoryName repository, Action action) {
    String scope = Challenges.scope(repository, action);
    Identity identity = identify(request, scope);
    Decision decision = policy.decide(identity.caller, repository, action);
    request.setAttribute(Decided.ATTRIBUTE, new Decided(repository, action, decision));
    if (decision instanceof Decision.Refused(String message)) {
      throw refusal(identity.caller, repository, action, message);
    }
    Token token = identity.token;
    if (token != null && !covers(token, repository, action)) {
      throw challenges.insufficient(request, scope);
    }
    return identity.caller;
  }

  @Override
  public Pullable pullable(HttpRequest<?> request) {
    Identity identity = identify(request, Scope.CATALOG);
    if (identity.token != null && !identity.token.catalog()) {
      throw challenges.insufficient(request, Scope.CATALOG);
    }
    return policy.pullable(identity.caller);
  }

  @Override
  public Pullable searchable(HttpRequest<?> request) {
    if (Credentials.areMissingInDocker(request)) {
      rate.identified(request, Caller.ANONYMOUS);
      return policy.pullable(Caller.ANONYMOUS);
    }
    return pullable(request);
  }

  @Override
  public Reach reach(HttpRequest<?> request, RepositoryName repository, Action action) {
    Identity identity = identify(request, null);
    if (!policy.decide(identity.caller, repository, action).isAllowed()) {
      return Reach.REFUSED;
    }
    Token token = identity.token;
    return token == null || covers(token, repository, action)
        ? Reach.ALLOWED
        : Reach.TOKEN_TOO_NARROW;
  }

  @Override
  public OciException widerToken(
      HttpRequest<?> request, RepositoryName pushedTo, RepositoryName pulledFrom) {
    return challenges.insufficient(
        request,
        Challenges.scope(pushedTo, Action.PUSH) + ' ' + Challenges.scope(pulledFrom, Action.PULL));
  }

  private Identity identify(HttpRequest<?> request, @Nullable String scope) {
    try {
      Identity identity =
          switch (Credentials.of(request)) {
            case Credentials.None none ->
                throw refused(request, challenges.loginNeeded(request, scope));
            case Credentials.Bearer(String value) -> {
              Token token = tokens.verify(value);
              if (!policy.isCurrent(token.caller()) || !logins.isKnown(token.caller())) {
                throw new InvalidCredentialException(
                    "the token is of what has been deleted or replaced since, log in again");
              }
              yield new Identity(token.caller(), token);
            }
            case Credentials.Basic(String name, String password) ->
                new Identity(login(request, scope, name, password), null);
          };
      rate.identified(request, identity.caller);
      return identity;
    } catch (InvalidCredentialException e) {
      throw refused(request, challenges.invalid(request, scope, e));
    }
  }

  private Caller login(
      HttpRequest<?> request, @Nullable String scope, String name, String password) {
    request.setAttribute(Decided.CLAIMED_NAME, name);
    try {
      return logins.login(request.getRemoteAddress(), name, password);
    } catch (InvalidCredentialException e) {
      throw refused(request, challenges.wrongPassword(request, scope, e));
    } catch (OciException e) {
      throw refused(request, e);
    }
  }

  /** Who may pull knows that the repository is there, and may know what it lacks. */
  private OciException refusal(
      Caller caller, RepositoryName repository, Action action, String message) {
    OciException refusal = new OciException(ErrorCode.DENIED, message);
    return action != Action.PULL && policy.decide(caller, repository, Action.PULL).isAllowed()
        ? refusal.withDetail(Map.of("repository", repository.value(), "action", action.word()))
        : refusal;
  }

  private OciException refused(HttpRequest<?> request, OciException refusal) {
    rate.identified(request, Caller.ANONYMOUS);
    return refusal;
  }

  private boolean covers(Token token, RepositoryName repository, Action action) {
    boolean named =
        token.access().stream()
            .anyMatch(a -> a.name().equals(repository.value()) && a.actions().contains(action));
    if (!named) {
      return false;
    }
    Optional<RepositoryCatalog.Repository> stored = catalog.find(repository);
    return token.access().stream()
        .anyMatch(a -> a.actions().contains(action) && a.isFor(repository, stored, token.madeAt()));
  }

  private record Identity(Caller caller, @Nullable Token token) {}
}
