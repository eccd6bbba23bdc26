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

/** The users of the htpasswd file. */
@Singleton
public final class Users {
  private static final Htpasswd NOBODY = new Htpasswd(Map.of());

  private final Supplier<Htpasswd> htpasswd;
  private final PasswordCheck passwords =
      new PasswordCheck(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2), Duration.ofSeconds(1));

  public Users(RegistryConfiguration configuration, FilePoller poller) {
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

  /** The user, when name and password are right. An unknown name costs what a known one does. */
  public Optional<Caller> authenticate(String name, String password) {
    Htpasswd users = htpasswd.get();
    Optional<String> hash = users.hash(name);
    boolean matches = passwords.matches(password, hash.orElseGet(users::decoy));
    return matches && hash.isPresent() ? Optional.of(new Caller(name, Set.of())) : Optional.empty();
  }
}
