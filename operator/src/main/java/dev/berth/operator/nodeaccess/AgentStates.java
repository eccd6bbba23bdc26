package dev.berth.operator.nodeaccess;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.ClusterAddresses;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the agents that are not ready why. Those that are ready say everything by being so, which
 * costs nothing however many nodes there are. No visit waits for an answer: one that says something
 * new makes the next.
 */
public final class AgentStates {
  private static final Logger LOG = LoggerFactory.getLogger(AgentStates.class);

  /** How long answers are good for: less than the time between two visits. */
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** An agent says less. */
  private static final int MOST_BYTES = 8 << 10;

  /** Answers by the names of nodes, and when newer ones were asked for. */
  private record Round(Map<String, AgentState> states, List<String> nodes, Instant asked) {}

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Executor executor;
  private final Clock clock;
  private final Map<ObjectKey, Round> rounds = new ConcurrentHashMap<>();
  private final Set<ObjectKey> asking = ConcurrentHashMap.newKeySet();
  private volatile Consumer<ObjectKey> news = registry -> {};

  /**
   * @param executor what waits for the answers
   */
  public AgentStates(Executor executor, Clock clock) {
    this.executor = executor;
    this.clock = clock;
  }

  /** Whom to tell of a registry whose nodes say something else than before. */
  public void onNews(Consumer<ObjectKey> listener) {
    news = listener;
  }

  /** The newest answers by the names of nodes. Asks these pods when it is time, or they changed. */
  Map<String, AgentState> observe(ObjectKey registry, List<Pod> unready) {
    Round last = rounds.get(registry);
    List<String> nodes = unready.stream().map(pod -> pod.getSpec().getNodeName()).toList();
    boolean due =
        last == null
            || !last.nodes().equals(nodes)
            || !clock.instant().isBefore(last.asked().plus(INTERVAL));
    Map<String, AgentState> states = last == null ? Map.of() : last.states();
    if (due && asking.add(registry)) {
      Round asked = new Round(states, nodes, clock.instant());
      rounds.put(registry, asked);
      executor.execute(() -> ask(registry, asked, unready));
    }
    return states;
  }

  public void forget(ObjectKey registry) {
    rounds.remove(registry);
  }

  private void ask(ObjectKey registry, Round asked, List<Pod> pods) {
    Map<String, AgentState> states = new HashMap<>();
    try {
      for (Pod pod : pods) {
        state(pod).ifPresent(state -> states.put(pod.getSpec().getNodeName(), state));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      asking.remove(registry);
    }
    Round answered = new Round(Map.copyOf(states), asked.nodes(), asked.asked());
    if (rounds.replace(registry, asked, answered) && !states.equals(asked.states())) {
      news.accept(registry);
    }
  }

  private Optional<AgentState> state(Pod pod) throws InterruptedException {
    String host = ClusterAddresses.bracketed(pod.getStatus().getPodIP());
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://%s:%d/state".formatted(host, NodeAgentChild.PORT)))
            .build();
    // The timeout of a request ends with the headers of its answer: this one is for all of it.
    CompletableFuture<HttpResponse<String>> response =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), MOST_BYTES));
    try {
      return AgentState.parse(response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).body());
    } catch (ExecutionException | TimeoutException e) {
      response.cancel(true);
      LOG.debug("agent {} did not answer: {}", pod.getMetadata().getName(), e.toString());
      return Optional.empty();
    }
  }
}
