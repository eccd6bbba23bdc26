package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Two operators of one cluster at once; their takeovers as processes are LeaderElectionIT's. */
@NullUnmarked // a null is a failed test
class LeadershipIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void anOperatorThatDoesNotLeadWritesNothingUntilItDoes() throws Exception {
    try (RunningOperator operator = new RunningOperator(true, List.of())) {
      // Given
      await().atMost(SOON).until(() -> holder(operator) != null);
      try (EmbeddedServer second = operator.start("second")) {
        RecordedCalls calls = RunningOperator.calls(second);
        await()
            .atMost(SOON)
            .until(() -> calls.all().stream().anyMatch(call -> call.contains("/leases/")));
        assertThat(second.isRunning()).isTrue();

        // When
        operator.namespace("one");
        try (Scenario scenario = new Scenario(operator, "one")) {
          scenario.create();
          scenario.awaitReady(SOON);
          scenario.grant("more", "more");
          await()
              .atMost(SOON)
              .until(() -> scenario.replica().policy().content().grants().size() == 2);
        }

        // Then
        assertThat(calls.writes()).isEmpty();

        // When
        operator.server().close();

        // Then
        operator.namespace("two");
        try (Scenario scenario = new Scenario(operator, "two")) {
          scenario.create();
          scenario.awaitReady(SOON);
        }
        assertThat(calls.writesIn("two")).anyMatch(write -> write.contains("/deployments/"));
      }
    }
  }

  private static String holder(RunningOperator operator) {
    List<Lease> leases =
        operator.client().leases().inNamespace(ChartRights.NAMESPACE).list().getItems();
    return leases.isEmpty() ? null : leases.getFirst().getSpec().getHolderIdentity();
  }
}
