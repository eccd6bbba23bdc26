package dev.berth.operator.podimages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** Pods come and go all the time; the document is not to follow each of them. */
class ProtectedImagesTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Set<String> NONE = Set.of();

  private final ProtectedImages images = new ProtectedImages();

  @Test
  void whatIsNewIsThereAtOnce() {
    assertThat(next(Set.of("a"), Set.of("b"), NONE, 0)).containsExactly("a", "b");
    assertThat(next(Set.of("a", "c"), Set.of("b"), Set.of("a", "b"), 1))
        .containsExactly("a", "b", "c");
  }

  @Test
  void whatNoPodRunsAnyMoreStaysAnHour() {
    assertThat(next(NONE, NONE, Set.of("a"), 0)).containsExactly("a");
    assertThat(next(NONE, NONE, Set.of("a"), 59)).containsExactly("a");
    assertThat(next(NONE, NONE, Set.of("a"), 60)).isEmpty();
  }

  @Test
  void whatComesBackBeginsItsHourAnew() {
    // Given
    assertThat(next(NONE, NONE, Set.of("a"), 0)).containsExactly("a");
    assertThat(next(Set.of("a"), NONE, Set.of("a"), 50)).containsExactly("a");

    // When, Then
    assertThat(next(NONE, NONE, Set.of("a"), 70)).containsExactly("a");
    assertThat(next(NONE, NONE, Set.of("a"), 129)).containsExactly("a");
    assertThat(next(NONE, NONE, Set.of("a"), 130)).isEmpty();
  }

  @Test
  void whatGoesTakesAlongWhatWouldGoSoon() {
    // Given
    assertThat(next(Set.of("b", "c"), NONE, Set.of("a", "b", "c"), 0)).contains("a");
    assertThat(next(Set.of("c"), NONE, Set.of("a", "b", "c"), 25)).contains("a", "b");
    assertThat(next(NONE, NONE, Set.of("a", "b", "c"), 45)).contains("a", "b", "c");

    // When, Then
    assertThat(next(NONE, NONE, Set.of("a", "b", "c"), 60)).containsExactly("c");
  }

  /** The one that was killed knew of Pods; its document tells of them. */
  @Test
  void anOperatorThatHasJustStartedKeepsWhatTheDocumentNames() {
    assertThat(new ProtectedImages().next(NONE, NONE, Set.of("a"), START, 10)).containsExactly("a");
  }

  @Test
  void whatAPodRunsUnderTheRegistrysNameIsThereHoweverMuchThereIs() {
    assertThat(next(Set.of("c", "d"), Set.of("a", "b"), NONE, 0, 3)).containsExactly("a", "c", "d");
    assertThat(next(Set.of("a", "b", "c"), Set.of("d"), Set.of("e"), 0, 2))
        .containsExactly("a", "b", "c");
  }

  private SortedSet<String> next(
      Set<String> own, Set<String> others, Set<String> inForce, int minute) {
    return next(own, others, inForce, minute, 100);
  }

  private SortedSet<String> next(
      Set<String> own, Set<String> others, Set<String> inForce, int minute, int most) {
    return images.next(own, others, inForce, START.plus(Duration.ofMinutes(minute)), most);
  }
}
