package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.RegistryHosts;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The 401 answers, which tell a client where to get a token and which one. */
@Singleton
final class Challenges {
  private final RegistryHosts hosts;

  Challenges(RegistryHosts hosts) {
    this.hosts = hosts;
  }

  OciException loginNeeded(HttpRequest<?> request, @Nullable String scope) {
    return unauthorized(
        request, scope, null, "log in, or get a token from the realm of the challenge");
  }

  OciException invalid(
      HttpRequest<?> request, @Nullable String scope, InvalidCredentialException cause) {
    return unauthorized(request, scope, "invalid_token", String.valueOf(cause.getMessage()));
  }

  OciException wrongPassword(
      HttpRequest<?> request, @Nullable String scope, InvalidCredentialException cause) {
    return unauthorized(request, scope, null, String.valueOf(cause.getMessage()));
  }

  OciException insufficient(HttpRequest<?> request, String scope) {
    return unauthorized(
        request, scope, "insufficient_scope", "the token is not for this, get one for " + scope);
  }

  /** A push needs to look at what is there, so clients ask for both. */
  static String scope(RepositoryName repository, Action action) {
    String actions = action == Action.PUSH ? "pull,push" : action.word();
    return "repository:" + repository + ":" + actions;
  }

  private OciException unauthorized(
      HttpRequest<?> request, @Nullable String scope, @Nullable String error, String message) {
    StringBuilder challenge =
        new StringBuilder("Bearer realm=\"")
            .append(hosts.realm(request))
            .append("\",service=\"")
            .append(hosts.canonical())
            .append('"');
    if (scope != null) {
      challenge.append(",scope=\"").append(scope).append('"');
    }
    if (error != null) {
      challenge.append(",error=\"").append(error).append('"');
    }
    return new OciException(
        ErrorCode.UNAUTHORIZED,
        ErrorCode.UNAUTHORIZED.status(),
        message,
        Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge.toString()));
  }
}
