package dev.berth.registry.auth;

import dev.berth.registry.identity.Caller;
import java.time.Instant;
import java.util.List;

/**
 * What a token says, once its signature was found good.
 *
 * @param catalog whether it may be used to list repositories
 */
record Token(
    Caller caller,
    List<TokenAccess> access,
    boolean catalog,
    Instant notBefore,
    Instant madeAt,
    Instant expiresAt) {

  Token {
    access = List.copyOf(access);
  }

  /** A token as the client gets it. */
  record Issued(String value, Instant madeAt, long lifetimeSeconds) {
    @Override
    public String toString() {
      return "Issued[" + madeAt + "]";
    }
  }
}
