package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;

/**
 * Decides every request by the policy in force at that moment. Checking a password and asking the
 * catalog block: not for the event loop.
 */
public interface AccessControl {

  /**
   * The caller of a request that concerns no repository.
   *
   * @throws OciException UNAUTHORIZED with a challenge, where there is no valid credential
   */
  Caller authenticate(HttpRequest<?> request);

  /**
   * Lets the request pass, or refuses it the same way whether the repository exists or not.
   *
   * @throws OciException UNAUTHORIZED with a challenge that names the repository and action; DENIED
   */
  Caller require(HttpRequest<?> request, RepositoryName repository, Action action);

  /**
   * What the caller of a request for the catalog may see.
   *
   * @throws OciException UNAUTHORIZED with a challenge that names the catalog
   */
  Pullable pullable(HttpRequest<?> request);

  /**
   * What the caller of a search may see. A docker that is not logged in is nobody, and sees what is
   * public: it cannot follow a challenge here.
   *
   * @throws OciException UNAUTHORIZED with a challenge that names the catalog
   */
  Pullable searchable(HttpRequest<?> request);

  /** How far a request that was let through reaches into a repository besides its own. */
  Reach reach(HttpRequest<?> request, RepositoryName repository, Action action);

  /**
   * Sends a client whose token reaches too short for one that also pulls from another repository.
   */
  OciException widerToken(
      HttpRequest<?> request, RepositoryName pushedTo, RepositoryName pulledFrom);

  /** What may be done in a repository besides the one that a request is for. */
  enum Reach {
    ALLOWED,
    /** The policy allows it, but the token was made for less. */
    TOKEN_TOO_NARROW,
    REFUSED
  }
}
