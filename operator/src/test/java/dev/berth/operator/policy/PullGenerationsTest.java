package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which generations of a credential count while copies are being replaced. */
class PullGenerationsTest {
  private static final Instant CREATED = Instant.parse("2026-06-01T00:00:00Z");
  private static final Rotation DAILY = new Rotation(CREATED, Duration.ofDays(1));
  private static final long FIRST = CREATED.getEpochSecond();
  private static final long SECOND = after(Duration.ofDays(1)).getEpochSecond();
  private static final long THIRD = after(Duration.ofDays(2)).getEpochSecond();
  private static final long FOURTH = after(Duration.ofDays(3)).getEpochSecond();

  @Test
  void theNextOneCountsInAdvance() {
    // When
    List<Long> generations =
        PullGenerations.of(DAILY, List.of(), List.of(), after(Duration.ofHours(3)));

    // Then
    assertThat(generations).containsExactly(FIRST, SECOND);
    assertThat(PullGenerations.current(generations, after(Duration.ofHours(3)))).isEqualTo(FIRST);
    assertThat(PullGenerations.current(generations, after(Duration.ofDays(1)))).isEqualTo(SECOND);
  }

  @Test
  void theOneBeforeCountsWhileACopyHasIt() {
    // Given
    Instant now = after(Duration.ofHours(30));
    List<KeptCopy> copies =
        List.of(copy(FIRST, CREATED), copy(SECOND, after(Duration.ofHours(24))));

    // When
    List<Long> generations = PullGenerations.of(DAILY, List.of(FIRST, SECOND), copies, now);

    // Then
    assertThat(generations).containsExactly(FIRST, SECOND, THIRD);
  }

  @Test
  void theOneBeforeCountsForAsLongAsKubeletsMayHaveIt() {
    // Given
    Instant replaced = after(Duration.ofHours(24).plusSeconds(2));
    List<KeptCopy> copies = List.of(copy(SECOND, replaced));

    // Then
    assertThat(
            PullGenerations.of(
                DAILY, List.of(FIRST, SECOND), copies, replaced.plus(Duration.ofMinutes(4))))
        .containsExactly(FIRST, SECOND, THIRD);
    assertThat(
            PullGenerations.of(
                DAILY, List.of(FIRST, SECOND), copies, replaced.plus(Duration.ofMinutes(5))))
        .containsExactly(SECOND, THIRD);
  }

  @Test
  void namespacesThatComeKeepNoOlderOneAlive() {
    // Given: a copy that was made after the rotation, and so never had another
    Instant now = after(Duration.ofHours(30));
    List<KeptCopy> copies = List.of(new KeptCopy("apps", "registry", SECOND, now, now));

    // Then
    assertThat(PullGenerations.of(DAILY, List.of(FIRST, SECOND), copies, now))
        .containsExactly(SECOND, THIRD);
  }

  @Test
  void whatACopySaysOfItselfRevivesNothing() {
    // Given
    Instant now = after(Duration.ofHours(50));
    List<KeptCopy> copies =
        List.of(copy(FIRST, CREATED), copy(FOURTH, CREATED), copy(0, CREATED), copy(42, CREATED));

    // Then
    assertThat(PullGenerations.of(DAILY, List.of(SECOND, THIRD), copies, now))
        .containsExactly(THIRD, FOURTH);
  }

  @Test
  void aLostDocumentCostsNoCopyOfTheGenerationBefore() {
    // Given
    Instant now = after(Duration.ofHours(50));
    List<KeptCopy> copies = List.of(copy(FIRST, CREATED), copy(SECOND, CREATED));

    // Then
    assertThat(PullGenerations.of(DAILY, List.of(), copies, now))
        .containsExactly(SECOND, THIRD, FOURTH);
  }

  @Test
  void copiesThatWereNotReplacedForManyRotationsStillCount() {
    // Given: the operator was away
    Instant now = after(Duration.ofDays(90).plusHours(1));
    long current = after(Duration.ofDays(90)).getEpochSecond();

    // Then
    assertThat(
            PullGenerations.of(DAILY, List.of(FIRST, SECOND), List.of(copy(FIRST, CREATED)), now))
        .containsExactly(FIRST, current, current + Duration.ofDays(1).toSeconds());
  }

  @Test
  void anotherRotationNeverGoesBackToAnEarlierGeneration() {
    // Given
    Instant now = after(Duration.ofHours(60));
    Rotation weekly = new Rotation(CREATED, Duration.ofDays(7));
    List<KeptCopy> copies = List.of(copy(THIRD, after(Duration.ofDays(2))));

    // Then
    assertThat(PullGenerations.of(weekly, List.of(THIRD, FOURTH), copies, now))
        .containsExactly(THIRD, after(Duration.ofDays(7)).getEpochSecond());
  }

  @ParameterizedTest
  @CsvSource({
    "720h, 2592000",
    "1h30m, 5400",
    "1.5h, 5400",
    "90m10s, 5410",
    "500ms, 1",
    "100ms, 0",
    "9999999999999999999999999h, 31536000000"
  })
  void aDurationIsReadAsGoReadsIt(String text, long seconds) {
    assertThat(Rotation.duration(text)).hasSeconds(seconds);
  }

  private static KeptCopy copy(long generation, Instant written) {
    return new KeptCopy("apps", "registry", generation, CREATED, written);
  }

  private static Instant after(Duration time) {
    return CREATED.plus(time);
  }
}
