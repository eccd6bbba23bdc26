package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a replica of each registry now and then what it stores; all replicas share one database. No
 * visit waits for the answer: one that says something new makes the next.
 */
public final class UsageObserver {
  private static final Logger LOG = LoggerFactory.getLogger(UsageObserver.class);

  /** How long an answer is good for: less than the time between two visits. */
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /** The newest answer, and when a newer one was asked for. */
  private record Observation(@Nullable ServerUsage usage, Instant asked) {}

  private final ManagementClient client;
  private final Executor executor;
  private final Clock clock;
  private final Map<ObjectKey, Observation> observations = new ConcurrentHashMap<>();
  private volatile Consumer<ObjectKey> news = registry -> {};

  /**
   * @param executor what waits for the answers
   */
  public UsageObserver(ManagementClient client, Executor executor, Clock clock) {
    this.client = client;
    this.executor = executor;
    this.clock = clock;
  }

  /** Whom to tell of a registry whose answer differs from the one before. */
  public void onNews(Consumer<ObjectKey> listener) {
    news = listener;
  }

  /** The newest answer; empty until there was one. Asks for the next when it is time. */
  public Optional<ServerUsage> observe(
      ObjectKey registry, ManagementAccess access, List<Pod> ready) {
    Observation last = observations.get(registry);
    boolean due = last == null || !clock.instant().isBefore(last.asked().plus(INTERVAL));
    ServerUsage usage = last == null ? null : last.usage();
    if (due && !ready.isEmpty()) {
      Observation asked = new Observation(usage, clock.instant());
      observations.put(registry, asked);
      executor.execute(() -> ask(registry, asked, access, ready.getFirst()));
    }
    return Optional.ofNullable(usage);
  }

  public void forget(ObjectKey registry) {
    observations.remove(registry);
  }

  private void ask(ObjectKey registry, Observation asked, ManagementAccess access, Pod pod) {
    try {
      ServerUsage usage = client.usage(pod.getStatus().getPodIP(), ManagementAccess.PORT, access);
      // A registry that was forgotten meanwhile stays so: the next of the name stores other things.
      if (observations.replace(registry, asked, new Observation(usage, asked.asked()))
          && usage.isNews(asked.usage())) {
        news.accept(registry);
      }
    } catch (IOException e) {
      LOG.debug("pod {} did not tell its usage: {}", pod.getMetadata().getName(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
