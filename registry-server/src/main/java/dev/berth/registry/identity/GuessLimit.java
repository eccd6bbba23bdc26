package dev.berth.registry.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

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

  private final RegistryConfiguration.WrongPasswords limit;
  private final TimeMeter time;
  private final KeyedHash hash = new KeyedHash();

  /** By address, and by the hash of a name, which may be long. */
  private final Cache<String, Bucket> wrong;

  /** Hashes of names with their passwords. */
  private final Cache<String, Boolean> right;

  @Inject
  GuessLimit(RegistryConfiguration configuration) {
    this(configuration.limits().wrongPasswords(), TimeMeter.SYSTEM_NANOTIME);
  }

  GuessLimit(RegistryConfiguration.WrongPasswords limit, TimeMeter time) {
    this.limit = limit;
    this.time = time;
    this.wrong =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            // When it would be full again.
            .expireAfterAccess(Duration.ofSeconds(1 + 60L * limit.burst() / limit.perMinute()))
            .ticker(time::currentTimeNanos)
            .build();
    this.right =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LATELY)
            .ticker(time::currentTimeNanos)
            .build();
  }

  /**
   * Lets a login be looked at.
   *
   * @throws OciException TOOMANYREQUESTS after too many wrong ones
   */
  void admit(InetSocketAddress remote, String name, String password) {
    String address = Caller.origin(remote);
    String user = hash.of(name);
    if (!isLeft(address) || !isLeft(user)) {
      if (right.getIfPresent(hash.of(name, password)) == null) {
        require(address, "from this address");
        require(user, "for this user name");
      }
    }
  }

  void right(String name, String password) {
    right.put(hash.of(name, password), true);
  }

  void wrong(InetSocketAddress remote, String name) {
    wrong.get(Caller.origin(remote), any -> full()).tryConsume(1);
    wrong.get(hash.of(name), any -> full()).tryConsume(1);
  }

  private boolean isLeft(String key) {
    Bucket bucket = wrong.getIfPresent(key);
    return bucket == null || bucket.getAvailableTokens() > 0;
  }

  private void require(String key, String what) {
    Bucket bucket = wrong.getIfPresent(key);
    if (bucket != null) {
      long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
      if (nanos > 0) {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999));
        throw OciException.tooManyRequests(
            "too many wrong passwords %s; wait %d s and try again".formatted(what, seconds),
            seconds);
      }
    }
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(
            rate ->
                rate.capacity(limit.burst()).refillGreedy(limit.perMinute(), Duration.ofMinutes(1)))
        .withCustomTimePrecision(time)
        .build();
  }
}
