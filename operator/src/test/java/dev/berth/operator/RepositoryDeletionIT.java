package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of images when their Repository is deleted. */
@NullUnmarked // a null is a failed test
class RepositoryDeletionIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String DELETE =
      "{registryRef: {name: main}, path: team/app, deletionPolicy: Delete}";

  private RunningOperator operator;
  private Scenario scenario;

  @BeforeEach
  void start() throws Exception {
    operator = new RunningOperator();
    operator.namespace("ends");
    scenario = new Scenario(operator, "ends");
    scenario.create();
    scenario.awaitReady(SOON);
  }

  @AfterEach
  void stop() {
    scenario.close();
    operator.close();
  }

  @Test
  void onlyOneWhoseImagesGoWithItIsHeld() {
    // Given
    assertThat(isHeld()).isFalse();

    // When
    scenario.apply("Repository", "app", DELETE);

    // Then
    await().atMost(SOON).until(this::isHeld);
    assertThat(Scenario.condition(repository(), "Supported")).isEmpty();

    // When
    scenario.apply(
        "Repository", "app", "{registryRef: {name: main}, path: team/app, deletionPolicy: Retain}");

    // Then
    await().atMost(SOON).until(() -> !isHeld());
    delete();
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).isEmpty();
  }

  @Test
  void theImagesGoBeforeItAndAnEventSaysUntilWhenTheyComeBack() {
    // Given
    held();

    // When
    delete();

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/app");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(operator.client().v1().events().inNamespace("ends").list().getItems())
                    .filteredOn(event -> event.getReason().equals("ImagesDeleted"))
                    .extracting(Event::getMessage)
                    .containsExactly(
                        "2 repositories of team/app were deleted; they can be restored until the"
                            + " undo window of Registry ends/main ends"));
  }

  @Test
  void aServerThatHasDeletedSomeIsAskedUntilAllAreGone() {
    // Given
    held();
    scenario.replica().rounds.set(Integer.MAX_VALUE);

    // When
    delete();

    // Then
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));
    assertThat(Scenario.condition(repository(), "Ready").orElseThrow().message())
        .contains(" repositories of team/app were deleted, and others are left");
    scenario.replica().rounds.set(0);
    await().atMost(SOON).until(this::isGone);
    int asked = scenario.replica().deleted.size();
    assertThat(asked).isGreaterThan(1);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(operator.client().v1().events().inNamespace("ends").list().getItems())
                    .extracting(Event::getMessage)
                    .anyMatch(
                        text ->
                            text.startsWith(
                                "%d repositories of team/app were deleted".formatted(2 * asked))));
  }

  /**
   * That would list all pods of the cluster every few seconds for as long as a registry is down.
   */
  @Test
  void nobodyLooksForPodsWhileNoServerCouldBeAskedAnyway() {
    // Given
    held();
    withAPolicyThatDoesNotArrive();
    try (Faults.Rule looks =
        operator
            .faults()
            .on(
                RunningOperator.itsCalls(call -> call.verb().equals("list") && call.isOf("pods")),
                Fault.answer(503))) {
      // When
      delete();

      // Then
      await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));
      assertThat(looks.count()).isZero();
    }
  }

  /** The server spares only what it knows to be declared. */
  @Test
  void oneWhoseImagesStayOutlivesAWiderOneThatTakesItsImagesAlong() {
    // Given
    wider("Delete");
    await().atMost(SOON).until(this::isHeld);
    await().atMost(SOON).until(() -> !finalizers("all").isEmpty());
    scenario.replica().keepsRepositories.set(true);

    // When: a namespace that is deleted does it in this order
    delete();
    delete("all");

    // Then
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesKept")));
    await().atMost(SOON).until(() -> reasonOf("all").equals(Optional.of("ImagesRemain")));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Scenario.condition(repository(), "Ready").orElseThrow().message())
                    .isEqualTo(
                        "Repository ends/all, whose path team/** covers team/app, is being deleted"
                            + " with its images. It goes by itself as soon as its images are"
                            + " safe."));
    assertThat(scenario.replica().policy().content().repositories())
        .extracting(entry -> entry.path().value())
        .contains("team/app");

    // When
    scenario.replica().keepsRepositories.set(false);

    // Then
    await().atMost(SOON).until(() -> scenario.get(Repository.class, "all") == null);
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/**");
    assertThat(scenario.replica().knownAtDeletion).contains("team/app");
  }

  @Test
  void oneWithinAWiderOneThatStaysGoesALittleLater() {
    // Given
    wider("Delete");
    await().atMost(SOON).until(this::isHeld);

    // When
    delete();

    // Then
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesKept")));
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).isEmpty();
  }

  @Test
  void oneIsHeldNoLongerThanAWiderOneTakesImagesAlong() {
    // Given
    wider("Delete");
    await().atMost(SOON).until(this::isHeld);

    // When
    wider("Retain");

    // Then
    await().atMost(SOON).until(() -> !isHeld());

    // When
    wider("Delete");
    await().atMost(SOON).until(this::isHeld);
    await().atMost(SOON).until(() -> !finalizers("all").isEmpty());
    delete("all");

    // Then
    await().atMost(SOON).until(() -> scenario.get(Repository.class, "all") == null);
    await().atMost(SOON).until(() -> !isHeld());
  }

  @Test
  void itStaysWhileNoServerDeletesTheImagesAndSaysHowToLetItGo() {
    // Given
    held();
    scenario.replica().keepsRepositories.set(true);

    // When
    delete();

    // Then
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));
    assertThat(Scenario.condition(repository(), "Ready").orElseThrow().message())
        .isEqualTo(
            "No replica of Registry ends/main could be asked. The operator tries again; to let the"
                + " Repository go without its images, set spec.deletionPolicy to Retain.");
    assertThat(Scenario.isTrue(repository(), "Reconciling")).isTrue();

    // When
    scenario.apply(
        "Repository", "app", "{registryRef: {name: main}, path: team/app, deletionPolicy: Retain}");

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).isEmpty();
  }

  @Test
  void theImagesStayWhilePodsRunThemAndOnlyThose() {
    // Given
    held();
    scenario.apply("Repository", "inner", "{registryRef: {name: main}, path: team/app/inner}");
    wider("Delete");
    await()
        .atMost(SOON)
        .until(() -> Scenario.isTrue(scenario.get(Repository.class, "all"), "Ready"));
    await().atMost(SOON).until(() -> !finalizers("all").isEmpty());
    Pod pod = operator.pod("ends", "app", "main.ends.svc/team/app:1");
    operator.pod("ends", "inner", "main.ends.svc/team/app/inner:1");
    operator.pod("ends", "elsewhere", "docker.io/team/app:1");

    // When
    delete();
    delete("all");

    // Then: the Pods run nothing that "all" declares
    await().atMost(SOON).until(() -> scenario.get(Repository.class, "all") == null);
    assertThat(scenario.replica().deleted).containsExactly("team/**");
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesInUse")));
    assertThat(Scenario.condition(repository(), "Ready").orElseThrow().message())
        .isEqualTo(
            "A pod runs an image of this Repository: ends/%s. Delete these pods, or set spec.deletionPolicy to Retain."
                .formatted(pod.getMetadata().getName()));

    // When
    operator.client().resource(pod).delete();

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/**", "team/app");
  }

  @Test
  void theImagesStayWhileNobodyKnowsWhatPodsRun() {
    // Given
    held();
    try (Faults.Rule refused =
        operator
            .faults()
            .on(
                RunningOperator.itsCalls(call -> call.verb().equals("list") && call.isOf("pods")),
                Fault.answer(503))) {
      // When
      delete();

      // Then
      await().atMost(SOON).until(() -> reason().equals(Optional.of("ApiFailed")));
      assertThat(scenario.replica().deleted).isEmpty();
      assertThat(refused.count()).isPositive();
    }
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/app");
  }

  @Test
  void aServerThatCanDeleteThemAgainIsAskedAgain() {
    // Given
    held();
    scenario.replica().keepsRepositories.set(true);
    delete();
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));

    // When
    scenario.replica().keepsRepositories.set(false);

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/app");
  }

  @Test
  void itGoesWithoutItsImagesWhenTheRegistryIsGone() {
    // Given
    held();
    scenario.replica().keepsRepositories.set(true);
    delete();
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));

    // When
    operator.client().resources(Registry.class).inNamespace("ends").withName("main").delete();

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).isEmpty();
  }

  /** Else a tenant would delete what is another's by naming its path. */
  @Test
  void oneThatDoesNotCountDeletesNothing() {
    // Given
    scenario.apply("Repository", "late", DELETE);
    await()
        .atMost(SOON)
        .until(
            () ->
                Scenario.condition(scenario.get(Repository.class, "late"), "Accepted")
                    .map(Condition::reason)
                    .equals(Optional.of("Conflict")));
    await().atMost(SOON).until(() -> !finalizers("late").isEmpty());

    // When
    delete("late");

    // Then
    await().atMost(SOON).until(() -> scenario.get(Repository.class, "late") == null);
    assertThat(scenario.replica().deleted).isEmpty();
  }

  /** A server that does not know a more specific Repository would take its images along. */
  @Test
  void nothingIsDeletedBeforeEveryReplicaHasTheNewestPolicy() {
    // Given
    held();
    withAPolicyThatDoesNotArrive();

    // When
    delete();

    // Then
    await().atMost(SOON).until(() -> reason().equals(Optional.of("ImagesRemain")));
    assertThat(scenario.replica().deleted).isEmpty();

    // When
    scenario.replica().refuses.set(false);

    // Then
    await().atMost(SOON).until(this::isGone);
    assertThat(scenario.replica().deleted).containsExactly("team/app");
  }

  @Test
  void anAnswerThatIsLostWhenItIsLetGoIsNoFailure() {
    // Given
    held();
    try (OperatorLog log = new OperatorLog();
        Faults.Rule lost =
            operator
                .faults()
                .on(
                    RunningOperator.itsCalls(
                        call ->
                            call.verb().equals("patch")
                                && call.isOf("repositories")
                                && call.subresource().isEmpty()),
                    Fault.loseAnswer(),
                    1)) {
      // When
      delete();

      // Then
      await().atMost(SOON).until(this::isGone);
      assertThat(scenario.replica().deleted).containsExactly("team/app");
      assertThat(lost.count()).isEqualTo(1);
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  private void held() {
    scenario.apply("Repository", "app", DELETE);
    await().atMost(SOON).until(this::isHeld);
  }

  private void withAPolicyThatDoesNotArrive() {
    scenario.replica().refuses.set(true);
    scenario.apply("Repository", "inner", "{registryRef: {name: main}, path: team/app/inner}");
    await()
        .atMost(SOON)
        .until(
            () ->
                scenario
                    .condition("PolicyEnforced")
                    .map(Condition::reason)
                    .equals(Optional.of("ReplicaUnreachable")));
  }

  private void wider(String deletionPolicy) {
    scenario.apply(
        "Repository",
        "all",
        "{registryRef: {name: main}, path: team/**, deletionPolicy: %s}".formatted(deletionPolicy));
  }

  private void delete() {
    delete("app");
  }

  private void delete(String name) {
    operator.client().resources(Repository.class).inNamespace("ends").withName(name).delete();
  }

  private List<String> finalizers(String name) {
    return scenario.get(Repository.class, name).getMetadata().getFinalizers();
  }

  private Optional<String> reasonOf(String name) {
    return Scenario.condition(scenario.get(Repository.class, name), "Ready").map(Condition::reason);
  }

  private Repository repository() {
    return scenario.get(Repository.class, "app");
  }

  private boolean isHeld() {
    return finalizers("app").equals(List.of("berth.dev/images"));
  }

  private boolean isGone() {
    return repository() == null;
  }

  private Optional<String> reason() {
    return reasonOf("app");
  }
}
