package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** What a token is wanted for. */
record TokenRequest(Map<RepositoryName, Set<Action>> wanted, boolean catalog) {
  /** A token for more would not fit into a header. */
  private static final int MAX_REPOSITORIES = 32;

  static TokenRequest of(Collection<String> scopes) {
    Map<RepositoryName, Set<Action>> wanted = Scope.parse(scopes);
    if (wanted.size() > MAX_REPOSITORIES) {
      throw new OciException(
          ErrorCode.UNSUPPORTED,
          400,
          "a token is for at most " + MAX_REPOSITORIES + " repositories, ask for fewer scopes",
          Map.of());
    }
    return new TokenRequest(wanted, Scope.namesCatalog(scopes));
  }
}
