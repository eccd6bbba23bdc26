package dev.berth.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Whether a watch that tells nothing has nothing to tell. */
class PodsPollTest {
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");
  private boolean silent;
  private final Deque<Runnable> questions = new ArrayDeque<>();
  private final PodsPoll poll =
      new PodsPoll(
          () -> {
            if (silent) {
              throw new KubernetesClientException("no answer");
            }
          },
          questions::add,
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  @Test
  void itIsAnsweredAtFirstSinceAllPodsHaveJustBeenListed() {
    assertThat(poll.isAnswered()).isTrue();
  }

  @Test
  void anAnswerCountsForAWhileAndTheNextIsAskedFor() {
    // Given
    poll.isAnswered();
    answerAll();

    // When
    now = now.plus(PodsPoll.INTERVAL.minusMillis(1));
    poll.isAnswered();

    // Then
    assertThat(questions).isEmpty();

    // When
    now = now.plusMillis(1);

    // Then
    assertThat(poll.isAnswered()).isTrue();
    assertThat(questions).hasSize(1);
  }

  @Test
  void withoutAnAnswerItIsNotKnownForLongAndIsKnownAgainWithTheNext() {
    // Given
    silent = true;
    poll.isAnswered();
    answerAll();

    // When
    now = now.plus(PodsPoll.COUNTS);

    // Then
    assertThat(poll.isAnswered()).isFalse();

    // When
    silent = false;
    answerAll();
    now = now.plus(Duration.ofSeconds(1));

    // Then
    assertThat(poll.isAnswered()).isTrue();
  }

  @Test
  void byAClockThatIsSetBackItIsKnownWithTheNextAnswer() {
    // Given
    poll.isAnswered();
    answerAll();

    // When
    now = now.minus(Duration.ofHours(1));

    // Then
    assertThat(poll.isAnswered()).isFalse();

    // When
    answerAll();

    // Then
    assertThat(poll.isAnswered()).isTrue();
  }

  @Test
  void anAnswerIsOfTheMomentInWhichItWasAskedFor() {
    // Given
    poll.isAnswered();
    now = now.plus(PodsPoll.COUNTS);

    // When: the first question was long on its way
    poll.isAnswered();
    questions.remove().run();

    // Then
    assertThat(poll.isAnswered()).isFalse();
  }

  private void answerAll() {
    while (!questions.isEmpty()) {
      questions.remove().run();
    }
  }
}
