package dev.berth.registry.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.unboundid.ldap.sdk.LDAPException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.watch.FilePoller;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of a directory, and the groups it has them in. */
@Singleton
final class LdapUsers implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(LdapUsers.class);
  private static final String ISSUER = "ldap";
  private static final long RETRY_AFTER_SECONDS = 5;

  /** For how long one that left, or another group, may go unnoticed. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final @Nullable Directory directory;
  private final KeyedHash hashes = new KeyedHash();
  private final Cache<String, Caller> right;

  @Inject
  LdapUsers(RegistryConfiguration configuration, FilePoller poller) {
    this(configuration.authentication().ldap(), poller, Ticker.systemTicker());
  }

  LdapUsers(RegistryConfiguration.@Nullable Ldap settings, FilePoller poller, Ticker ticker) {
    this.directory = settings == null ? null : new Directory(settings, poller);
    this.right =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .build();
  }

  /** Whether a user is one of the directory's, and there still is a directory. */
  boolean vouchesFor(Caller caller) {
    return directory != null && caller.issuer().equals(ISSUER);
  }

  @Override
  public @Nullable Caller authenticate(String name, String password)
      throws InvalidCredentialException {
    if (directory == null) {
      return null;
    }
    String memory = hashes.of(name, password);
    Caller known = right.getIfPresent(memory);
    if (known != null) {
      return known;
    }
    EventLoop.leave();
    Caller caller = ask(directory, name, password);
    right.put(memory, caller);
    return caller;
  }

  private static Caller ask(Directory directory, String name, String password)
      throws InvalidCredentialException {
    // To a directory an empty password is no password, and right for everybody.
    if (password.isEmpty()) {
      throw InvalidCredentialException.wrongPassword();
    }
    try {
      Directory.Person person = directory.login(name, password);
      if (person == null) {
        throw InvalidCredentialException.wrongPassword();
      }
      return Caller.user(person.name(), Set.copyOf(person.groups()), ISSUER);
    } catch (LDAPException e) {
      LOG.warn("the directory cannot be asked: {} {}", e.getResultCode(), e.getDiagnosticMessage());
      throw OciException.busy(
          "the directory of users cannot be asked at the moment, try again", RETRY_AFTER_SECONDS);
    }
  }
}
