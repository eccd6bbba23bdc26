package dev.berth.operator.registry;

import dev.berth.operator.policy.Lately;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API server tells of Pods. A watch that is cut off tells as little as one of a cluster
 * in which no Pod is started, and the client takes it up again for ever without saying so.
 */
final class PodsPoll {
  private static final Logger LOG = LoggerFactory.getLogger(PodsPoll.class);

  /** Between two questions. */
  static final Duration INTERVAL = Duration.ofSeconds(30);

  /** How long an answer counts: a few visits, and less than servers go on without a word. */
  static final Duration COUNTS = Duration.ofSeconds(100);

  private final Runnable question;
  private final Executor executor;
  private final Clock clock;
  private @Nullable Instant asked;
  private Instant answered = Instant.MIN;

  /**
   * @param question throws a KubernetesClientException where there is no answer
   * @param executor what waits for the answer
   */
  PodsPoll(Runnable question, Executor executor, Clock clock) {
    this.question = question;
    this.executor = executor;
    this.clock = clock;
  }

  /** By the newest answer. Asks for the next when it is time, and does not wait for it. */
  synchronized boolean isAnswered() {
    Instant now = clock.instant();
    Instant last = asked;
    if (last == null || !Lately.was(last, INTERVAL, now)) {
      asked = now;
      // Visits begin when all Pods have been listed.
      answered = last == null ? now : answered;
      executor.execute(() -> ask(now));
    }
    return Lately.was(answered, COUNTS, now);
  }

  private void ask(Instant at) {
    try {
      question.run();
      heard(at);
    } catch (KubernetesClientException e) {
      LOG.debug("the API server does not tell of Pods", e);
    }
  }

  private synchronized void heard(Instant at) {
    answered = at;
  }
}
