package dev.berth.registry.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.TimeMeter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Slows down whoever guesses passwords: wrong ones count for the address that they come from and
 * for the name that they are for. A password that was right lately is looked at all the same, so
 * that nobody is kept out by who guesses at its name, or behind its address.
 */
@Singleton
final class GuessLimit {
  /** Of more names and addresses, those are forgotten that were not seen for longest. */
  private static final int MOST = 20_000;

  private static final Duration LATELY = Duration.ofHours(12);

  private static final Try RIGHT_LATELY = new Try("", List.of());

  private final KeyedHash hash = new KeyedHash();

  /** By address, and by the hash of a name, which may be long. */
  private final TokenBuckets wrong;

  /** Hashes of names with their passwords. */
  private final Cache<String, Boolean> right;

  /** How many are being looked at, by the hash of name and password. */
  private final ConcurrentMap<String, Integer> running = new ConcurrentHashMap<>();

  @Inject
  GuessLimit(RegistryConfiguration configuration) {
    this(configuration.limits().wrongPasswords(), TimeMeter.SYSTEM_NANOTIME);
  }

  GuessLimit(RegistryConfiguration.WrongPasswords limit, TimeMeter time) {
    this.wrong =
        new TokenBuckets(MOST, limit.burst(), limit.perMinute(), Duration.ofMinutes(1), time);
    this.right =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LATELY)
            .ticker(time::currentTimeNanos)
            .build();
  }

  /**
   * Lets a login be looked at, and counts it as wrong until it is known to be right: those that are
   * looked at meanwhile must not be more than may be wrong. Many that come at once with one name
   * and one password are one guess.
   *
   * @return to be ended with {@link #right}, {@link #wrong} or {@link #undecided}
   * @throws OciException TOOMANYREQUESTS after too many wrong ones
   */
  Try admit(InetSocketAddress remote, String name, String password) {
    String login = hash.of(name, password);
    if (right.getIfPresent(login) != null) {
      return RIGHT_LATELY;
    }
    List<String> taken = new ArrayList<>(2);
    running.compute(
        login,
        (_, others) -> {
          if (others == null) {
            taken.addAll(take(remote, name));
            return 1;
          }
          return others + 1;
        });
    return new Try(login, List.copyOf(taken));
  }

  /** The password was right. */
  void right(Try attempt) {
    if (!attempt.login.isEmpty()) {
      right.put(attempt.login, true);
      undecided(attempt);
    }
  }

  /** The password was wrong, and stays counted. */
  void wrong(Try attempt) {
    running.computeIfPresent(attempt.login, (_, same) -> same == 1 ? null : same - 1);
  }

  /** Nobody could tell. */
  void undecided(Try attempt) {
    wrong(attempt);
    attempt.taken.forEach(wrong::giveBack);
  }

  /**
   * A login that is being looked at.
   *
   * @param login hash of name and password; empty for one that is not counted
   * @param taken where it was counted
   */
  record Try(String login, List<String> taken) {}

  private List<String> take(InetSocketAddress remote, String name) {
    String address = Caller.origin(remote);
    String user = hash.of(name);
    take(address, "from this address");
    try {
      take(user, "for this user name");
    } catch (OciException e) {
      wrong.giveBack(address);
      throw e;
    }
    return List.of(address, user);
  }

  private void take(String key, String what) {
    long seconds = wrong.take(key);
    if (seconds > 0) {
      throw OciException.tooManyRequests(
          "too many wrong passwords %s; wait %d s and try again".formatted(what, seconds), seconds);
    }
  }
}
