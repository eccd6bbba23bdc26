package dev.berth.registry.identity;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The users of the htpasswd file. */
@Singleton
final class HtpasswdUsers implements Authenticator {
  private static final Htpasswd NOBODY = new Htpasswd(Map.of());
  private static final String ISSUER = "htpasswd";

  private final Supplier<Htpasswd> htpasswd;
  private final PasswordCheck passwords =
      new PasswordCheck(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2), Duration.ofSeconds(1));

  HtpasswdUsers(RegistryConfiguration configuration, FilePoller poller) {
    RegistryConfiguration.Htpasswd file = configuration.authentication().htpasswd();
    if (file == null) {
      htpasswd = () -> NOBODY;
    } else {
      WatchedFiles<Htpasswd> watched =
          poller.watch(
              new WatchedFiles<>(
                  "user list", List.of(file.file()), Htpasswd.MAX_FILE_BYTES, Htpasswd::read));
      htpasswd = () -> watched.current().orElse(NOBODY);
    }
  }

  /** Whether it is a user of the file, and still in it. */
  boolean isKnown(Caller caller) {
    return caller.issuer().equals(ISSUER) && htpasswd.get().hash(caller.name()).isPresent();
  }

  /** An unknown name costs what a known one does. */
  @Override
  public @Nullable Caller authenticate(String name, String password)
      throws InvalidCredentialException {
    Htpasswd users = htpasswd.get();
    if (users.hashes().isEmpty()) {
      return null;
    }
    Optional<String> hash = users.hash(name);
    boolean matches = passwords.matches(password, hash.orElseGet(users::decoy));
    if (hash.isEmpty()) {
      return null;
    }
    if (!matches) {
      throw InvalidCredentialException.wrongPassword();
    }
    return Caller.user(name, Set.of(), ISSUER);
  }
}
