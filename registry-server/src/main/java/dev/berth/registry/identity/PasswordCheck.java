package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.oci.OciException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Compares passwords with bcrypt hashes. What was right is remembered for a while under a keyed
 * hash of hash and password, so a changed hash forgets it. Only so many comparisons run at once
 * that guessing leaves the server able to answer.
 */
final class PasswordCheck {
  private static final BCrypt.Version VERSION = BCrypt.Version.VERSION_2Y;
  private static final long RETRY_AFTER_SECONDS = 2;

  private final Semaphore running;
  private final Duration patience;
  private final KeyedHash hashes = new KeyedHash();

  /** Holds comparisons that run, too: many clients may come with one password at once. */
  private final AsyncCache<String, Boolean> right =
      Caffeine.newBuilder()
          .maximumSize(10_000)
          .expireAfterWrite(Duration.ofMinutes(5))
          .buildAsync();

  /**
   * Makes one with an empty memory.
   *
   * @param atOnce how many comparisons may run at the same time
   * @param patience how long a comparison waits for its turn
   */
  PasswordCheck(int atOnce, Duration patience) {
    this.running = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /**
   * Blocks for as long as bcrypt takes, unless the password was right before.
   *
   * @throws OciException TOOMANYREQUESTS when too many others wait
   */
  boolean matches(String password, String hash) {
    String memory = hashes.of(hash, password);
    CompletableFuture<Boolean> known = right.getIfPresent(memory);
    if (known != null && known.isDone()) {
      return matched(known);
    }
    EventLoop.leave();
    CompletableFuture<Boolean> own = new CompletableFuture<>();
    CompletableFuture<Boolean> others = right.asMap().putIfAbsent(memory, own);
    if (others != null) {
      return matched(others);
    }
    try {
      boolean matches = compare(password, hash);
      // What ends without a value is not remembered.
      own.complete(matches ? true : null);
      return matches;
    } finally {
      // Where nothing was compared; of any other fault the cache would write a stack trace.
      own.cancel(false);
    }
  }

  private static boolean matched(CompletableFuture<Boolean> comparison) {
    try {
      return comparison.join() != null;
    } catch (CancellationException e) {
      throw tooMany();
    }
  }

  private boolean compare(String password, String hash) {
    try {
      if (!running.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw tooMany();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw tooMany();
    }
    try {
      return BCrypt.verifyer(VERSION, LongPasswordStrategies.truncate(VERSION))
          .verify(password.getBytes(UTF_8), hash.getBytes(UTF_8))
          .verified;
    } finally {
      running.release();
    }
  }

  private static OciException tooMany() {
    return OciException.tooManyRequests(
        "too many passwords are being checked, try again in " + RETRY_AFTER_SECONDS + " seconds",
        RETRY_AFTER_SECONDS);
  }
}
