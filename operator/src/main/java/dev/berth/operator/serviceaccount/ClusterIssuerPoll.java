package dev.berth.operator.serviceaccount;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again and again by which keys the cluster signs: no watch tells when they are rotated. One
 * for all Registries. What was known last stays while the API server does not answer.
 */
public final class ClusterIssuerPoll {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterIssuerPoll.class);

  /** Until it is known for the first time, no ServiceAccount can log in to a new Registry. */
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(3);

  /** Runs something when a time has passed. */
  public interface Later {
    void run(Runnable task, Duration after);
  }

  private final Supplier<ClusterIssuer> source;
  private final Later later;
  private final Duration interval;
  private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
  private volatile @Nullable ClusterIssuer known;
  private volatile boolean running;
  private volatile Runnable changed = () -> {};
  private boolean failing;

  /**
   * @param source the answer of the API server
   * @param interval from one answer to the next question
   */
  public ClusterIssuerPoll(Supplier<ClusterIssuer> source, Later later, Duration interval) {
    this.source = source;
    this.later = later;
    this.interval = interval;
  }

  /** Whom to tell when the issuer or its keys are others. */
  public void onChange(Runnable listener) {
    changed = listener;
  }

  /** Begins to ask. */
  public void start() {
    running = true;
    later.run(this::ask, Duration.ZERO);
  }

  /** Done when the first question was answered, or got no answer. */
  public CompletableFuture<@Nullable Void> asked() {
    return first;
  }

  public void stop() {
    running = false;
  }

  /** The newest answer; empty until there was one. */
  public Optional<ClusterIssuer> known() {
    return Optional.ofNullable(known);
  }

  private void ask() {
    if (!running) {
      return;
    }
    try {
      ClusterIssuer now = source.get();
      failing = false;
      if (!now.equals(known)) {
        known = now;
        changed.run();
      }
    } catch (RuntimeException e) {
      complain(e);
    } finally {
      first.complete(null);
      later.run(this::ask, known == null ? UNTIL_KNOWN : interval);
    }
  }

  /** Once, until it goes well again. */
  private void complain(RuntimeException e) {
    if (!failing) {
      failing = true;
      LOG.warn(
          "the keys of ServiceAccount tokens cannot be read, {}: {}",
          known == null
              ? "and Registries go on with those that they have"
              : "and the last known stay",
          e.toString());
    }
  }
}
