package dev.berth.operator;

import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.RegistryUsage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

  private void touch() {
    operator
        .client()
        .resource(scenario.registry())
        .edit(
            registry -> {
              registry.getMetadata().setAnnotations(Map.of("touched", "once"));
              return registry;
            });
  }

  private long tags() {
    RegistryUsage usage = scenario.registry().getStatus().usage();
    return usage == null ? 0 : usage.tags();
  }
}
