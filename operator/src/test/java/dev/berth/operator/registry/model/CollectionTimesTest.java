package dev.berth.operator.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.GarbageCollectionSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionTimesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void withoutASpecTheyAreTheDefaultsOfTheSchema() {
    assertThat(CollectionTimes.of(null)).isEqualTo(new CollectionTimes(DAY, DAY, DAY));
    assertThat(CollectionTimes.problems(null)).isEmpty();
  }

  @Test
  void whatTheServerTakesIsPassedOn() {
    // Given
    GarbageCollectionSpec spec = new GarbageCollectionSpec("0s", "8760h", "1m", true);

    // When, Then
    assertThat(CollectionTimes.of(spec))
        .isEqualTo(new CollectionTimes(Duration.ZERO, Duration.ofDays(365), Duration.ofMinutes(1)));
    assertThat(CollectionTimes.problems(spec)).isEmpty();
  }

  /** The server would not start, and pushes and pulls end with a time that somebody mistyped. */
  @Test
  void whatItDoesNotTakeIsBroughtToTheNearestThatItTakesAndSaid() {
    // Given
    GarbageCollectionSpec spec =
        new GarbageCollectionSpec("1000000000000000000000000000000h", "8761h", "59s", true);

    // When, Then
    assertThat(CollectionTimes.of(spec))
        .isEqualTo(
            new CollectionTimes(Duration.ofDays(365), Duration.ofDays(365), Duration.ofMinutes(1)));
    assertThat(CollectionTimes.problems(spec))
        .containsExactly(
            "spec.garbageCollection.gracePeriod 1000000000000000000000000000000h is not within 0h"
                + " and 8760h, and 8760h holds",
            "spec.garbageCollection.undoWindow 8761h is not within 0h and 8760h, and 8760h holds",
            "spec.garbageCollection.uploadExpiry 59s is not within 1m and 8760h, and 1m holds");
  }
}
