package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.GarbageCollectionStatus;
import dev.berth.api.v1alpha1.registry.RegistryUsage;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry stores, as its status says it. */
@NullUnmarked // a null is a failed test
class UsageIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String EIGHT_TAGS =
      "{\"repositories\":2,\"tags\":8,\"manifests\":4,\"physicalBytes\":5,\"logicalBytes\":6}";

  private RunningOperator operator;
  private Scenario scenario;

  @BeforeEach
  void start() throws Exception {
    operator = new RunningOperator(Map.of(TestClock.MOVABLE, true));
    operator.namespace("usage");
    scenario = new Scenario(operator, "usage");
    scenario.create();
    scenario.awaitReady(SOON);
  }

  @AfterEach
  void stop() {
    scenario.close();
    operator.close();
    TestClock.setRight();
  }

  @Test
  void whatChangedIsSaidByTheVisitThatFindsIt() {
    // Given
    await().atMost(SOON).until(() -> tags() == 3);

    // When
    scenario.replica().usage.set(EIGHT_TAGS);
    TestClock.moveOn(Duration.ofMinutes(1));
    touch();

    // Then: long before the next visit comes by itself
    await().atMost(Duration.ofSeconds(10)).until(() -> tags() == 8);
  }

  @Test
  void whatIsCollectedIsSaidAndStandsWhenAServerDoesNotSayIt() {
    // Given
    await().atMost(SOON).until(() -> tags() == 3);
    assertThat(collection()).isNull();

    // When
    scenario
        .replica()
        .collection
        .set(
            """
        {"lastRunAt": "2026-06-01T03:00:00.123456789Z", "freedBytes": 7, "quarantinedBytes": 8, "reclaimableBytes": 9}
        """);
    TestClock.moveOn(Duration.ofMinutes(1));
    touch();

    // Then
    GarbageCollectionStatus said = new GarbageCollectionStatus("2026-06-01T03:00:00Z", 7L, 8L, 9L);
    await().atMost(Duration.ofSeconds(10)).until(() -> said.equals(collection()));

    // When
    scenario.replica().collection.set("");
    scenario.replica().usage.set(EIGHT_TAGS);
    TestClock.moveOn(Duration.ofMinutes(1));
    touch();

    // Then
    await().atMost(Duration.ofSeconds(10)).until(() -> tags() == 8);
    assertThat(collection()).isEqualTo(said);
  }

  /** The server is the user's image: its time may be none, and no status takes one that is not. */
  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "+1000000000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", ""})
  void aTimeThatIsNoneIsLeftOut(String time) {
    // When
    scenario.replica().collection.set("{\"lastRunAt\": \"%s\", \"freedBytes\": 7}".formatted(time));
    TestClock.moveOn(Duration.ofMinutes(1));
    touch();

    // Then
    GarbageCollectionStatus said = new GarbageCollectionStatus(null, 7L, 0L, 0L);
    await().atMost(Duration.ofSeconds(10)).until(() -> said.equals(collection()));
  }

  @Test
  void anOrderToCollectReachesTheServer() {
    // When
    scenario.annotate("berth.dev/run-garbage-collection", "first");

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                "first"
                    .equals(scenario.replica().policy().content().spaceRules().collectRequest()));
  }

  private GarbageCollectionStatus collection() {
    return scenario.registry().getStatus().garbageCollection();
  }

  private void touch() {
    scenario.annotate("touched", UUID.randomUUID().toString());
  }

  private long tags() {
    RegistryUsage usage = scenario.registry().getStatus().usage();
    return usage == null ? 0 : usage.tags();
  }
}
