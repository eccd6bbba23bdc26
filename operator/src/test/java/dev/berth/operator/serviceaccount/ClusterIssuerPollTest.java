package dev.berth.operator.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** When the cluster's keys are asked for, and what is believed meanwhile. */
@NullUnmarked // a null is a failed test
class ClusterIssuerPollTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ClusterIssuer OLD = new ClusterIssuer("https://cluster", "old");
  private static final ClusterIssuer NEW = new ClusterIssuer("https://cluster", "new");

  private record Task(Runnable work, Duration after) {}

  private final Deque<Task> tasks = new ArrayDeque<>();
  private final AtomicInteger news = new AtomicInteger();
  private ClusterIssuer published = OLD;
  private final ClusterIssuerPoll poll =
      new ClusterIssuerPoll(
          this::answer, (task, after) -> tasks.add(new Task(task, after)), MINUTE);

  private ClusterIssuer answer() {
    if (published == null) {
      throw new IllegalStateException("the API server does not answer");
    }
    return published;
  }

  @Test
  void anotherAnswerIsNewsAndTheSameIsNot() {
    // Given
    begin();
    assertThat(news).hasValue(1);

    // When
    assertThat(next()).isEqualTo(MINUTE);
    assertThat(news).hasValue(1);
    published = NEW;
    next();

    // Then
    assertThat(news).hasValue(2);
    assertThat(poll.known()).contains(NEW);
  }

  @Test
  void whatWasKnownStaysWhileThereIsNoAnswer() {
    // Given
    begin();

    // When
    published = null;
    next();

    // Then
    assertThat(poll.known()).contains(OLD);
    assertThat(news).hasValue(1);
    assertThat(tasks.getFirst().after()).isEqualTo(MINUTE);
  }

  @Test
  void nothingIsKnownBeforeTheFirstAnswerAndTheNextQuestionIsSoon() {
    // Given
    published = null;

    // When
    begin();

    // Then: who waits does not wait for ever
    assertThat(poll.asked()).isCompleted();
    assertThat(poll.known()).isEmpty();
    assertThat(tasks.getFirst().after()).isLessThan(Duration.ofSeconds(10));

    // When
    published = NEW;
    next();

    // Then
    assertThat(poll.known()).contains(NEW);
    assertThat(news).hasValue(1);
  }

  @Test
  void aListenerThatFailsDoesNotEndIt() {
    // Given
    poll.onChange(
        () -> {
          throw new IllegalStateException("no");
        });
    poll.start();

    // When
    next();

    // Then
    assertThat(tasks).hasSize(1);
  }

  @Test
  void nothingIsAskedForOnceItWasStopped() {
    // Given
    begin();

    // When
    poll.stop();
    published = NEW;
    next();

    // Then
    assertThat(poll.known()).contains(OLD);
    assertThat(tasks).isEmpty();
  }

  private void begin() {
    poll.onChange(news::incrementAndGet);
    poll.start();
    assertThat(poll.asked()).isNotDone();
    assertThat(next()).isZero();
  }

  /** Lets the time pass until the next question, and says how long it was. */
  private Duration next() {
    Task task = tasks.removeFirst();
    task.work().run();
    return task.after();
  }
}
