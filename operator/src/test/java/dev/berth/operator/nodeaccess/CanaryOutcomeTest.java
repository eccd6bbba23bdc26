package dev.berth.operator.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryOutcomeTest {
  private static final CanaryOutcome PULLED = new CanaryOutcome(true, null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{terminated: {exitCode: 0}}",
        "{terminated: {exitCode: 1}}",
        "{running: {}}",
        // It is there, and cannot be started: no concern of the registry.
        "{waiting: {reason: CreateContainerError, message: no}}",
        "{waiting: {reason: RunContainerError, message: no}}",
      })
  void whatStartsOrCouldHasBeenPulled(String state) {
    assertThat(outcome(List.of(pod(state)), null, 3)).contains(PULLED);
  }

  @Test
  void whatHasNotBegunIsWaitedFor() {
    assertThat(outcome(List.of(), null, 3)).isEmpty();
    assertThat(outcome(List.of(pod("{waiting: {reason: ContainerCreating}}")), null, 299))
        .isEmpty();
  }

  @Test
  void aPullThatFailsIsLetTryAgainForAMinute() {
    List<Pod> pods = List.of(pod("{waiting: {reason: ErrImagePull, message: i/o timeout}}"));
    String words = CanaryOutcome.refusal(pods).orElseThrow();

    assertThat(words).isEqualTo("ErrImagePull: i/o timeout");
    assertThat(outcome(pods, words, 59)).isEmpty();
    assertThat(outcome(pods, words, 60)).contains(new CanaryOutcome(false, words));
    assertThat(outcome(List.of(pod("{terminated: {exitCode: 0}}")), words, 60)).contains(PULLED);
  }

  @Test
  void whatNeverStartsIsSaidInTheClustersWords() {
    assertThat(outcome(List.of(), null, 300))
        .contains(
            new CanaryOutcome(null, "No Pod was started: look at the events of the namespace"));
    assertThat(outcome(List.of(status("{phase: Pending}")), null, 300))
        .contains(
            new CanaryOutcome(
                null, "The Pod did not start in 5 minutes: look at the events of the namespace"));
    assertThat(
            outcome(
                List.of(
                    status(
                        "{conditions: [{type: PodScheduled, status: 'False', message: 0/3 nodes are available}]}")),
                null,
                300))
        .contains(new CanaryOutcome(null, "The Pod did not start: 0/3 nodes are available"));
    assertThat(
            CanaryOutcome.of(
                job("{conditions: [{type: Failed, status: 'True'}]}"),
                List.of(status("{phase: Failed, message: The node was low on resource}")),
                null,
                Duration.ofSeconds(3)))
        .contains(new CanaryOutcome(null, "The Pod did not start: The node was low on resource"));
  }

  private static Optional<CanaryOutcome> outcome(
      List<Pod> pods, @Nullable String words, int seconds) {
    return CanaryOutcome.of(job("{}"), pods, words, Duration.ofSeconds(seconds));
  }

  private static Job job(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: main-canary-x}
        status: %s
        """
            .formatted(status),
        Job.class);
  }

  private static Pod pod(String state) {
    return status("{containerStatuses: [{name: canary, state: %s}]}".formatted(state));
  }

  private static Pod status(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: main-canary-x-y}
        status: %s
        """
            .formatted(status),
        Pod.class);
  }
}
