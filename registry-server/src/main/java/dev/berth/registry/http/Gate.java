package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where every request for a repository passes first: a valid name, then the right to act on it. */
@Singleton
final class Gate {
  private final AccessControl access;

  Gate(AccessControl access) {
    this.access = access;
  }

  /**
   * Lets the request pass or throws.
   *
   * @param name as the route took it from the path, decoded
   */
  RepositoryName pass(HttpRequest<?> request, String name, Action action) {
    refuseEscapes(request);
    RepositoryName repository = new RepositoryName(name);
    access.require(request, repository, action);
    return repository;
  }

  /**
   * The first of some repositories that a request to push to another one may also pull from.
   *
   * @throws OciException UNAUTHORIZED with a challenge for both, where one is open to the caller
   *     and the token for none of them
   */
  Optional<RepositoryName> firstOpen(
      HttpRequest<?> request, RepositoryName pushedTo, List<RepositoryName> sources) {
    RepositoryName beyondToken = null;
    for (RepositoryName source : sources) {
      switch (access.reach(request, source, Action.PULL)) {
        case ALLOWED -> {
          return Optional.of(source);
        }
        case TOKEN_TOO_NARROW -> beyondToken = beyondToken == null ? source : beyondToken;
        case REFUSED -> {
          // As if it did not hold anything.
        }
      }
    }
    if (beyondToken != null) {
      throw access.widerToken(request, pushedTo, beyondToken);
    }
    return Optional.empty();
  }

  /**
   * A proxy in front may have read an escaped slash otherwise than we do. Only : is ever escaped.
   */
  private static void refuseEscapes(HttpRequest<?> request) {
    String path = request.getUri().getRawPath();
    if (path.indexOf('%') >= 0
        && path.toUpperCase(Locale.ROOT).replace("%3A", ":").indexOf('%') >= 0) {
      throw new OciException(
          ErrorCode.NAME_INVALID, "names, tags and digests need no percent-encoding in a path");
    }
  }
}
