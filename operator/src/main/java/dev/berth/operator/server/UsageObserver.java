package dev.berth.operator.server;

import dev.berth.operator.policy.Lately;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
  private record Observation(@Nullable ServerSpace space, Instant asked) {}

  private final ManagementClient client;
  private final PolicyConfirmation confirmation;
  private final Executor executor;
  private final Clock clock;
  private final Map<ObjectKey, Observation> observations = new ConcurrentHashMap<>();
  private volatile Consumer<ObjectKey> news = registry -> {};
  private volatile Consumer<Set<ObjectKey>> repositoryNews = repositories -> {};

  /**
   * @param executor what waits for the answers
   */
  public UsageObserver(ManagementClient client, Executor executor, Clock clock) {
    this.client = client;
    this.confirmation = new PolicyConfirmation(client, clock);
    this.executor = executor;
    this.clock = clock;
  }

  /** Whom to tell of a registry whose answer differs from the one before. */
  public void onNews(Consumer<ObjectKey> listener) {
    news = listener;
  }

  /** Whom to tell of Repositories that hold something else than before. */
  public void onRepositoryNews(Consumer<Set<ObjectKey>> listener) {
    repositoryNews = listener;
  }

  /** What a Repository holds, by the newest answer; empty: it was not told. */
  public Optional<ServerHolding> holding(ObjectKey registry, ObjectKey repository) {
    return Optional.ofNullable(observations.get(registry))
        .map(Observation::space)
        .map(ServerSpace::holdings)
        .map(holdings -> holdings.get(repository.toString()));
  }

  /**
   * The newest answer; empty until there was one. Asks for the next when it is time, and tells
   * before that which document holds.
   *
   * @param revision of the document that has what Pods run at this moment; null: that is not known
   */
  public Optional<ServerSpace> observe(
      ObjectKey registry, ManagementAccess access, List<Pod> ready, @Nullable String revision) {
    Observation last = observations.get(registry);
    boolean due = last == null || !Lately.was(last.asked(), INTERVAL, clock.instant());
    ServerSpace space = last == null ? null : last.space();
    if (due && !ready.isEmpty()) {
      Observation asked = new Observation(space, clock.instant());
      observations.put(registry, asked);
      executor.execute(() -> visit(registry, asked, access, ready, revision));
    }
    return Optional.ofNullable(space);
  }

  public void forget(ObjectKey registry) {
    observations.remove(registry);
    confirmation.forget(registry);
  }

  private void visit(
      ObjectKey registry,
      Observation asked,
      ManagementAccess access,
      List<Pod> ready,
      @Nullable String revision) {
    try {
      if (revision != null) {
        confirmation.confirm(registry, revision, access, ready);
      }
      ask(registry, asked, access, ready.getFirst());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(ObjectKey registry, Observation asked, ManagementAccess access, Pod pod)
      throws InterruptedException {
    try {
      String address = pod.getStatus().getPodIP();
      ServerUsage usage = client.usage(address, ManagementAccess.PORT, access);
      ServerSpace space =
          new ServerSpace(usage, collection(asked, access, pod), holdings(asked, access, pod))
              .after(asked.space());
      // A registry that was forgotten meanwhile stays so: the next of the name stores other things.
      if (observations.replace(registry, asked, new Observation(space, asked.asked()))) {
        tell(registry, space, asked.space());
      }
    } catch (IOException e) {
      LOG.debug("pod {} did not tell its usage: {}", pod.getMetadata().getName(), e.toString());
    }
  }

  private void tell(ObjectKey registry, ServerSpace space, @Nullable ServerSpace before) {
    if (space.isNews(before)) {
      news.accept(registry);
    }
    Set<ObjectKey> repositories = space.repositoriesWithNews(before);
    if (!repositories.isEmpty()) {
      repositoryNews.accept(repositories);
    }
  }

  /** Counting may take longer than an answer may; it is told the next time then. */
  private @Nullable Map<String, ServerHolding> holdings(
      Observation asked, ManagementAccess access, Pod pod) throws InterruptedException {
    try {
      return client.holdings(pod.getStatus().getPodIP(), ManagementAccess.PORT, access).stream()
          .collect(Collectors.toMap(ServerHolding::name, holding -> holding, (one, two) -> one));
    } catch (IOException e) {
      LOG.debug("pod {} did not tell what is declared: {}", pod.getMetadata().getName(), "" + e);
      return asked.space() == null ? null : asked.space().holdings();
    }
  }

  /** The image may be one that does not say it. */
  private @Nullable ServerCollection collection(Observation asked, ManagementAccess access, Pod pod)
      throws InterruptedException {
    try {
      return client.collection(pod.getStatus().getPodIP(), ManagementAccess.PORT, access);
    } catch (IOException e) {
      LOG.debug("pod {} did not tell what it collects: {}", pod.getMetadata().getName(), "" + e);
      return asked.space() == null ? null : asked.space().collection();
    }
  }
}
