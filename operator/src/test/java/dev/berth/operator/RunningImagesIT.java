package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Pods of the cluster run, as the servers are told it. */
@NullUnmarked // a null is a failed test
class RunningImagesIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  /** Within it one comes, or within the next. */
  private static final Duration A_VISIT = Duration.ofSeconds(90);

  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);

  private RunningOperator operator;
  private Scenario scenario;

  @BeforeEach
  void start() throws Exception {
    operator = new RunningOperator(Map.of(TestClock.MOVABLE, true));
    operator.namespace("images");
    operator.namespace("apps");
    scenario = new Scenario(operator, "images");
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
  void whatAPodOfAnyNamespaceRunsIsProtectedAsSoonAsItsNodeSaysIt() {
    // Given
    Pod pod = pod("app", "main.images.svc/team/app:1");

    // When
    runs(pod, "main.images.svc/team/app@" + A);

    // Then: long before the next visit comes by itself
    await().atMost(Duration.ofSeconds(10)).until(() -> running().contains(A));
  }

  @Test
  void aDigestInAPodsSpecIsProtectedBeforeItRuns() {
    // When
    pod("app", "main.images.svc/team/app:1@" + A);

    // Then
    await().atMost(Duration.ofSeconds(10)).until(() -> running().contains(A));
  }

  @Test
  void whatNoPodRunsAnyMoreStaysProtectedForAWhileAlsoWithAnotherOperator() {
    // Given
    Pod pod = pod("app", "main.images.svc/team/app@" + A);
    await().atMost(SOON).until(() -> running().contains(A));
    long sequence = scenario.replica().policy().sequence();

    // When
    operator.client().resource(pod).delete();
    operator.restart();
    pod("next", "main.images.svc/team/app@" + B);

    // Then
    await().atMost(SOON).until(() -> running().equals(Set.of(A, B)));
    assertThat(scenario.replica().policy().sequence()).isGreaterThan(sequence);

    // When
    TestClock.moveOn(Duration.ofMinutes(61));
    touch();

    // Then
    await().atMost(SOON).until(() -> running().equals(Set.of(B)));
  }

  @Test
  void whatOnlyAMirrorMayHaveFromTheRegistryIsFoundAfterAWhile() {
    // Given
    runs(pod("web", "docker.io/library/nginx:1"), "docker.io/library/nginx@" + A);

    // When, as often as it takes: the first look may be before the Pod is seen
    // Then
    awaitLater(Duration.ofMinutes(6), () -> running().contains(A));
  }

  @Test
  void whatWasSeenStaysProtectedWhileTheApiDoesNotAnswerForPods() {
    // Given
    pod("app", "main.images.svc/team/app@" + A);
    await().atMost(SOON).until(() -> running().contains(A));
    try (Faults.Rule refused =
        operator
            .faults()
            .on(RunningOperator.itsCalls(call -> call.isOf("pods")), Fault.answer(503))) {
      // When
      operator.faults().dropWatches();
      TestClock.moveOn(Duration.ofHours(3));
      scenario.grant("more", "more");

      // Then
      await().atMost(SOON).until(() -> scenario.replica().policy().content().grants().size() == 2);
      assertThat(running()).contains(A);
      assertThat(refused.count()).isPositive();
    }
  }

  @Test
  void aServerIsToldNowAndThenThatWhatItKnowsOfPodsStillHolds() {
    // Given
    pod("app", "main.images.svc/team/app@" + A);
    await().atMost(SOON).until(() -> running().contains(A));

    // When, as often as it takes: the last question may be a moment ago
    // Then
    awaitLater(
        A_VISIT,
        () -> scenario.replica().confirmed.contains(scenario.replica().policy().revision()));
    assertThat(scenario.replica().policy().content().spaceRules().runningHoldsMillis())
        .isEqualTo(Duration.ofMinutes(5).toMillis());
  }

  @Test
  void aClockThatIsSetBackKeepsNothingFromBeingToldToAServer() {
    // Given: a clock that is ahead
    TestClock.moveOn(Duration.ofHours(2));
    scenario.replica().confirmed.clear();
    awaitLater(A_VISIT, () -> !scenario.replica().confirmed.isEmpty());
    runs(pod("web", "docker.io/library/nginx:1"), "docker.io/library/nginx@" + A);

    // When
    TestClock.moveOn(Duration.ofHours(-1));
    scenario.replica().confirmed.clear();

    // Then
    awaitLater(A_VISIT, () -> running().contains(A) && !scenario.replica().confirmed.isEmpty());
  }

  /** Lets time go by in steps, of which a visit comes after each. */
  private void awaitLater(Duration step, Callable<Boolean> condition) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              TestClock.moveOn(step);
              touch();
              return condition.call();
            });
  }

  @Test
  void nothingIsConfirmedWhileTheApiDoesNotTellOfPods() {
    // Given
    await().atMost(SOON).until(() -> !scenario.replica().confirmed.isEmpty());
    try (Faults.Rule refused =
        operator
            .faults()
            .on(RunningOperator.itsCalls(call -> call.isOf("pods")), Fault.answer(503))) {
      operator.faults().dropWatches();
      await().atMost(SOON).until(() -> refused.count() > 0);
      scenario.replica().confirmed.clear();

      // When
      TestClock.moveOn(Duration.ofMinutes(2));
      scenario.replica().usage.set("{\"repositories\":2,\"tags\":8}");
      touch();
      await().atMost(SOON).until(() -> scenario.registry().getStatus().usage().tags() == 8);

      // Then: what asks for the usage confirms before that
      assertThat(scenario.replica().confirmed).isEmpty();
    }
  }

  @Test
  void aRegistryThatDoesNotWantItProtectsNothing() {
    // Given
    pod("app", "main.images.svc/team/app@" + A);
    await().atMost(SOON).until(() -> running().contains(A));

    // When
    scenario.apply("Registry", "main", "{garbageCollection: {protectRunningImages: false}}");

    // Then
    await().atMost(SOON).until(() -> running().isEmpty());
    assertThat(scenario.replica().policy().content().spaceRules().runningHoldsMillis()).isNull();
  }

  private Set<String> running() {
    return scenario.replica().policy().content().spaceRules().running();
  }

  private void touch() {
    scenario.annotate("touched", UUID.randomUUID().toString());
  }

  private Pod pod(String name, String image) {
    return operator.pod("apps", name, image);
  }

  /** As a node says it. */
  private void runs(Pod pod, String imageId) {
    Pod running =
        new PodBuilder(pod)
            .withNewStatus()
            .withPhase("Running")
            .withContainerStatuses(
                new ContainerStatusBuilder()
                    .withName("app")
                    .withImage(pod.getSpec().getContainers().getFirst().getImage())
                    .withImageID(imageId)
                    .withReady(true)
                    .withRestartCount(0)
                    .build())
            .endStatus()
            .build();
    operator.client().resource(running).updateStatus();
  }
}
