package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token may be used for in one repository.
 *
 * @param uid of the repository as it was when the token was made; null: there was none
 */
record TokenAccess(String name, Set<Action> actions, @Nullable String uid) {

  TokenAccess {
    actions = Set.copyOf(actions);
  }

  /** Whether the token was made for this repository, not for an earlier one of the same name. */
  boolean isFor(RepositoryName wanted, Optional<Repository> repository, Instant tokenMade) {
    if (!name.equals(wanted.value())) {
      return false;
    }
    if (uid != null) {
      return repository.isPresent() && repository.get().uid().equals(uid);
    }
    return repository.isEmpty() || !repository.get().createdAt().isBefore(tokenMade);
  }
}
