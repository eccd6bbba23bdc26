package dev.berth.registry.identity;

import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks all sources of identities, each in its turn. */
@Singleton
final class LoginChain implements Logins {
  private final GuessLimit guesses;
  private final HtpasswdUsers users;
  private final LdapUsers directory;
  private final OidcTokens oidc;

  /** What a machine made, and nobody guesses. */
  private final List<Authenticator> unguessable;

  /** What people chose. */
  private final List<Authenticator> passwords;

  LoginChain(
      GuessLimit guesses,
      JwtPasswords tokens,
      PullSecretCredentials pullSecrets,
      HtpasswdUsers users,
      LdapUsers directory,
      OidcTokens oidc) {
    this.guesses = guesses;
    this.users = users;
    this.directory = directory;
    this.oidc = oidc;
    this.unguessable = List.of(tokens, pullSecrets);
    this.passwords = List.of(users, directory);
  }

  @Override
  public Caller login(InetSocketAddress remote, String name, String password)
      throws InvalidCredentialException {
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidCredentialException("a user name has no control characters");
    }
    Caller caller = first(unguessable, name, password);
    return caller == null ? byPassword(remote, name, password) : caller;
  }

  @Override
  public boolean isKnown(Caller caller) {
    return caller.kind() != Caller.Kind.USER
        || users.isKnown(caller)
        || directory.vouchesFor(caller)
        || oidc.isOf(caller.issuer());
  }

  private Caller byPassword(InetSocketAddress remote, String name, String password)
      throws InvalidCredentialException {
    GuessLimit.Try attempt = guesses.admit(remote, name, password);
    try {
      Caller caller = first(passwords, name, password);
      if (caller == null) {
        throw InvalidCredentialException.wrongPassword();
      }
      guesses.right(attempt);
      return caller;
    } catch (InvalidCredentialException e) {
      guesses.wrong(attempt);
      throw e;
    } catch (RuntimeException e) {
      guesses.undecided(attempt);
      throw e;
    }
  }

  private static @Nullable Caller first(List<Authenticator> sources, String name, String password)
      throws InvalidCredentialException {
    for (Authenticator source : sources) {
      Caller caller = source.authenticate(name, password);
      if (caller != null) {
        return caller;
      }
    }
    return null;
  }
}
