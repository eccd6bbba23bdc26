package dev.berth.registry.auth;

import dev.berth.policy.Action;
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
   * Whether {@link #require} would let the request pass, for what it touches besides its own
   * repository.
   */
  boolean allows(HttpRequest<?> request, RepositoryName repository, Action action);
}
