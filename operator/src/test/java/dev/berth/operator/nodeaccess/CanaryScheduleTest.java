package dev.berth.operator.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.NodeReachability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryScheduleTest {
  private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");
  private static final SortedSet<String> NODES = new TreeSet<>(List.of("n1", "n2", "n3"));

  @Test
  void aPoolIsTriedAtOnceAndWhenItsNodesAreToldSomethingElse() {
    assertThat(CanarySchedule.isDue(null, "p", 0, AT)).isTrue();
    assertThat(CanarySchedule.isDue(last("n1", true), "other", 0, AT)).isTrue();
    assertThat(CanarySchedule.isDue(last("n1", false), "other", 9, AT)).isTrue();
  }

  @Test
  void oneThatCanPullIsTriedOnceADay() {
    assertThat(isDue(true, 0, Duration.ofDays(1).minusSeconds(1))).isFalse();
    assertThat(isDue(true, 0, Duration.ofDays(1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 60", "1, 60", "2, 120", "3, 240", "6, 1920", "7, 3600", "1000000, 3600"})
  void oneThatCannotIsTriedAgainAfterAPauseThatGrowsUpToAnHour(int failures, int seconds) {
    assertThat(isDue(false, failures, Duration.ofSeconds(seconds - 1))).isFalse();
    assertThat(isDue(false, failures, Duration.ofSeconds(seconds))).isTrue();
    assertThat(isDue(null, failures, Duration.ofSeconds(seconds - 1))).isFalse();
  }

  @Test
  void aTimeThatNobodyCanReadIsNone() {
    assertThat(
            CanarySchedule.isDue(
                new NodeReachability("default", "n1", "yesterday", true, null, "p"), "p", 0, AT))
        .isTrue();
  }

  @Test
  void theNodeThatFailedIsTriedUntilItCanAndElseTheNextOne() {
    assertThat(CanarySchedule.node(null, NODES)).isEqualTo("n1");
    assertThat(CanarySchedule.node(last("n2", false), NODES)).isEqualTo("n2");
    assertThat(CanarySchedule.node(last("n2", null), NODES)).isEqualTo("n2");
    assertThat(CanarySchedule.node(last("n2", true), NODES)).isEqualTo("n3");
    assertThat(CanarySchedule.node(last("n3", true), NODES)).isEqualTo("n1");
    assertThat(CanarySchedule.node(last("n0", false), NODES)).as("it is gone").isEqualTo("n1");
  }

  private static boolean isDue(@Nullable Boolean pulled, int failures, Duration later) {
    return CanarySchedule.isDue(last("n1", pulled), "p", failures, AT.plus(later));
  }

  private static NodeReachability last(String node, @Nullable Boolean pulled) {
    return new NodeReachability("default", node, AT.toString(), pulled, null, "p");
  }
}
