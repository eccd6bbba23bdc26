package dev.berth.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How conditions follow one another. */
class ConditionsTest {
  private static final Clock EARLIER = clock("2026-06-01T00:00:00Z");
  private static final Clock LATER = clock("2026-06-02T00:00:00Z");

  @Test
  void theTimeIsThatOfTheLastChangeOfTheStatusAlone() {
    // Given
    List<Condition> before =
        new Conditions()
            .isFalse(ConditionType.READY, Reason.PENDING, "one")
            .merge(List.of(), 1, EARLIER);

    // When
    Condition sameStatus =
        new Conditions()
            .isFalse(ConditionType.READY, Reason.POD_PENDING, "two")
            .merge(before, 2, LATER)
            .getFirst();
    Condition changed =
        new Conditions()
            .isTrue(ConditionType.READY, Reason.READY, "three")
            .merge(before, 2, LATER)
            .getFirst();

    // Then
    assertThat(sameStatus.lastTransitionTime()).isEqualTo("2026-06-01T00:00:00Z");
    assertThat(sameStatus.observedGeneration()).isEqualTo(2);
    assertThat(changed.lastTransitionTime()).isEqualTo("2026-06-02T00:00:00Z");
  }

  @Test
  void theSameDecisionsGiveAnEqualListAtAnyTime() {
    // Given
    Conditions conditions =
        new Conditions()
            .isTrue(ConditionType.EXPOSED, Reason.SERVICE_READY, "here")
            .isTrue(ConditionType.READY, Reason.READY, "serves");
    List<Condition> before = conditions.merge(List.of(), 1, EARLIER);

    // When, Then
    assertThat(conditions.merge(before, 1, LATER)).isEqualTo(before);
  }

  @Test
  void aMessageLongerThanTheSchemaTakesIsCutBeforeItsRemedy() {
    // When
    Condition condition =
        new Conditions()
            .isFalse(ConditionType.ACCEPTED, Reason.NOT_ALLOWED, "x".repeat(100_000))
            .merge(List.of(), 1, EARLIER)
            .getFirst();

    // Then
    assertThat(condition.message())
        .hasSizeLessThanOrEqualTo(32768)
        .endsWith("... " + Reason.NOT_ALLOWED.remedy());
  }

  @Test
  void whatIsFalseBlocksBeforeWhatIsUnknown() {
    // Given
    Conditions conditions =
        new Conditions()
            .isUnknown(ConditionType.STORAGE_READY, Reason.CLAIM_PENDING, "waits")
            .isFalse(ConditionType.POLICY_ENFORCED, Reason.REPLICA_UNREACHABLE, "refused");

    // When, Then
    assertThat(
            conditions.firstNotTrue(
                List.of(ConditionType.STORAGE_READY, ConditionType.POLICY_ENFORCED)))
        .hasValueSatisfying(
            blocker -> {
              assertThat(blocker.status()).isEqualTo(ConditionStatus.FALSE);
              assertThat(blocker.reason()).isEqualTo(Reason.REPLICA_UNREACHABLE);
            });
  }

  private static Clock clock(String now) {
    return Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
  }
}
