package dev.berth.registry.auth;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The key in use and those it replaced, which stay good for as long as a token that they signed may
 * live.
 */
@Singleton
final class SigningKeys {
  private final Clock clock;
  private final Duration tokenLifetime;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile State state;

  SigningKeys(RegistryConfiguration configuration, FilePoller poller, Clock clock) {
    this.clock = clock;
    this.tokenLifetime = configuration.authentication().tokenLifetime();
    this.state = new State(SigningKey.random(), Map.of());
    Path file = configuration.authentication().signingKeyFile();
    if (file != null) {
      poller
          .watch(
              new WatchedFiles<>(
                  "signing key", List.of(file), SigningKey.MAX_FILE_BYTES, SigningKey::read))
          .onChange(this::replace);
    }
  }

  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  SigningKey current() {
    return state.current;
  }

  /** The key of this name, if tokens that it signed are still good. */
  Optional<SigningKey> find(@Nullable String id) {
    State now = state;
    if (now.current.id().equals(id)) {
      return Optional.of(now.current);
    }
    return Optional.ofNullable(now.replaced.get(String.valueOf(id)))
        .filter(replaced -> clock.instant().isBefore(replaced.goodUntil))
        .map(Replaced::key);
  }

  private synchronized void replace(SigningKey next) {
    State now = state;
    Instant time = clock.instant();
    Map<String, Replaced> replaced = new HashMap<>(now.replaced);
    replaced.values().removeIf(old -> !time.isBefore(old.goodUntil));
    replaced.put(now.current.id(), new Replaced(now.current, time.plus(tokenLifetime)));
    replaced.remove(next.id());
    state = new State(next, Map.copyOf(replaced));
    listeners.forEach(Runnable::run);
  }

  private record State(SigningKey current, Map<String, Replaced> replaced) {}

  private record Replaced(SigningKey key, Instant goodUntil) {}
}
