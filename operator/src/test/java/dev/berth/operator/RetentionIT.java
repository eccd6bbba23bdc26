package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.repository.ExpiringTag;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.api.v1alpha1.repository.RepositoryUsage;
import dev.berth.api.v1alpha1.repository.RetentionPreview;
import dev.berth.api.v1alpha1.repository.RetentionStatus;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules on their way to the server, and what it says of them on its way to the status. */
@NullUnmarked // a null is a failed test
class RetentionIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String DIGEST = "sha256:" + "0a".repeat(32);
  private static final String RULES =
      """
      {registryRef: {name: main}, path: team/app,
       retention: {expire: [{tags: ["pr-*"], pushedBefore: 168h}], mode: %s, maxDeletions: 3}}
      """;
  private static final String HELD =
      """
      {"revision": "5b1c", "deletedTags": 0, "held": true, "problem": "too many",
       "preview": {"at": "2026-06-01T03:00:00.5Z", "expiringTags": 4, "expiringManifests": 1, "expiringBytes": 5}}
      """;

  private RunningOperator operator;
  private Scenario scenario;

  @BeforeEach
  void start() throws Exception {
    operator = new RunningOperator(Map.of(TestClock.MOVABLE, true));
    operator.namespace("rules");
    scenario = new Scenario(operator, "rules");
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
  void rulesOrdersAndAcknowledgementsReachTheServerAtOnce() {
    // When
    scenario.apply("Repository", "app", RULES.formatted("Enforce"));

    // Then
    await().atMost(SOON).until(() -> rules().filter(Retention::enforce).isPresent());
    assertThat(Scenario.condition(repository(), "Supported")).isEmpty();
    assertThat(applied()).hasValueSatisfying(c -> assertThat(c.reason()).isEqualTo("Pending"));

    // When
    annotate("berth.dev/run-retention", "first");
    annotate("berth.dev/acknowledge-retention", "5b1c");

    // Then: long before the next visit comes by itself
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                rules()
                    .filter(rules -> "first".equals(rules.runRequest()))
                    .filter(rules -> "5b1c".equals(rules.acknowledged()))
                    .isPresent());
  }

  @Test
  void whatTheServerSaysOfARepositoryIsInItsStatus() {
    // Given
    scenario.apply("Repository", "app", RULES.formatted("DryRun"));

    // When
    declared(
        """
        {"revision": "5b1c", "lastRunAt": "2026-06-01T03:00:00.123Z", "deletedTags": 2, "held": false,
         "preview": {"at": "2026-06-01T04:00:00Z", "expiringTags": 1, "expiringManifests": 3, "expiringBytes": 9,
           "sample": [{"repository": "team/app", "tag": "pr-17", "digest": "%s", "rule": "expire[0]", "reason": "pushed 9d ago"},
                      {"repository": "team/app"}]}}
        """
            .formatted(DIGEST));

    // Then
    awaitTold(() -> repository().getStatus().retention() != null);
    assertThat(repository().getStatus().repositories()).isEqualTo(1);
    assertThat(repository().getStatus().usage())
        .isEqualTo(
            new RepositoryUsage(8L, 9L, 10L, 7L, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"));
    assertThat(repository().getStatus().retention())
        .isEqualTo(
            new RetentionStatus(
                "5b1c",
                "2026-06-01T03:00:00Z",
                2L,
                new RetentionPreview(
                    "2026-06-01T04:00:00Z",
                    1L,
                    3L,
                    9L,
                    List.of(
                        new ExpiringTag(
                            "team/app", "pr-17", DIGEST, "expire[0]", "pushed 9d ago")))));
    assertThat(applied())
        .hasValueSatisfying(
            condition -> {
              assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
              assertThat(condition.reason()).isEqualTo("DryRun");
            });
    assertThat(Scenario.isTrue(repository(), "Ready")).isTrue();

    // When: an operator that has not asked yet, and a server that does not say it
    scenario.replica().declared.set("");
    operator.restart();
    scenario.apply("Repository", "app", RULES.formatted("Enforce"));

    // Then
    await().atMost(SOON).until(() -> rules().filter(Retention::enforce).isPresent());
    await()
        .atMost(SOON)
        .until(
            () ->
                repository()
                    .getMetadata()
                    .getGeneration()
                    .equals(repository().getStatus().observedGeneration()));
    assertThat(repository().getStatus().retention().revision()).isEqualTo("5b1c");
    assertThat(repository().getStatus().usage().tags()).isEqualTo(8);
    assertThat(applied()).hasValueSatisfying(c -> assertThat(c.reason()).isEqualTo("Pending"));
  }

  @Test
  void aRunThatWouldDeleteTooMuchSaysHowToLetIt() {
    // Given
    scenario.apply("Repository", "app", RULES.formatted("Enforce"));

    // When
    declared(HELD);

    // Then
    awaitTold(() -> applied().map(Condition::reason).equals(Optional.of("TooManyDeletions")));
    assertThat(applied().orElseThrow().message())
        .isEqualTo(
            "A run would delete 4 tags, more than spec.retention.maxDeletions (3); what it would"
                + " delete has the revision 5b1c. Look at the preview, then set the annotation"
                + " berth.dev/acknowledge-retention to that revision, or change the rules.");

    // When
    declared(HELD.replace("true", "false").replace("\"problem\": \"too many\",", ""));

    // Then
    awaitTold(() -> Scenario.isTrue(repository(), "RetentionApplied"));

    // When
    patch("{\"spec\":{\"retention\":null}}");

    // Then
    await().atMost(SOON).until(() -> applied().isEmpty());
    assertThat(repository().getStatus().retention()).isNull();
  }

  @Test
  void whatTheServerSaysOfFormerRulesIsNotSaidOfTheNewOnes() {
    // Given
    scenario.apply("Repository", "app", RULES.formatted("DryRun"));
    await().atMost(SOON).until(() -> rules().isPresent());
    String said =
        "{\"rules\": \"%s\", ".formatted(PolicyDocumentFormat.hash(rules().orElseThrow()))
            + HELD.strip().substring(1).replace("true", "false").replace("\"too many\"", "null");
    declared(said);
    awaitTold(() -> applied().map(Condition::reason).equals(Optional.of("DryRun")));
    assertThat(repository().getStatus().retention().revision()).isEqualTo("5b1c");

    // When
    scenario.apply("Repository", "app", RULES.formatted("Enforce"));

    // Then
    await().atMost(SOON).until(() -> rules().filter(Retention::enforce).isPresent());
    awaitTold(() -> applied().map(Condition::reason).equals(Optional.of("Pending")));
    assertThat(repository().getStatus().retention().revision()).isNull();
    assertThat(repository().getStatus().retention().preview()).isNull();

    // When
    declared(said.replaceFirst("[0-9a-f]{32}", PolicyDocumentFormat.hash(rules().orElseThrow())));

    // Then
    awaitTold(() -> Scenario.isTrue(repository(), "RetentionApplied"));
    assertThat(repository().getStatus().retention().revision()).isEqualTo("5b1c");
  }

  @Test
  void whatTheServerDoesNotUnderstandIsSaid() {
    // Given
    scenario.apply("Repository", "app", RULES.formatted("Enforce"));

    // When
    declared("{\"deletedTags\": 0, \"held\": false, \"problem\": \"it is too new\"}");

    // Then
    awaitTold(() -> applied().map(Condition::reason).equals(Optional.of("InvalidSpec")));
    assertThat(applied().orElseThrow().message())
        .isEqualTo(
            "The server deletes nothing by spec.retention: it is too new. Correct the spec.");
  }

  @Test
  void theDefaultsOfARegistryAreSaidOfIt() {
    // When
    scenario.apply("Registry", "main", "{repositories: {defaults: {retention: {mode: Enforce}}}}");
    scenario.annotate("berth.dev/run-retention", "first");
    scenario
        .replica()
        .declared
        .set(
            "{\"declared\": [{\"name\": \"\", \"repositories\": 1, \"retention\": %s}]}"
                .formatted(HELD));

    // Then
    awaitTold(
        () ->
            scenario
                .condition("RetentionApplied")
                .map(Condition::reason)
                .equals(Optional.of("TooManyDeletions")));
    assertThat(scenario.replica().policy().content().spaceRules().retention().runRequest())
        .isEqualTo("first");
    assertThat(Scenario.isTrue(scenario.registry(), "Ready")).isTrue();
  }

  private void declared(String retention) {
    scenario
        .replica()
        .declared
        .set(
            """
            {"declared": [{"name": "", "repositories": 0},
              {"name": "rules/app", "repositories": 1, "tags": 8, "manifests": 9, "logicalBytes": 10, "uniqueBytes": 7,
               "lastPushAt": "2026-05-01T00:00:00Z", "lastPullAt": "2026-05-02T00:00:00.5Z", "retention": %s}]}
            """
                .formatted(retention));
  }

  /** Has the operator ask, as often as it takes: an answer may come too late on a busy machine. */
  private void awaitTold(Callable<Boolean> told) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              TestClock.moveOn(Duration.ofMinutes(1));
              scenario.annotate("touched", UUID.randomUUID().toString());
              return isWithin(Duration.ofSeconds(10), told);
            });
  }

  private static boolean isWithin(Duration time, Callable<Boolean> told) {
    try {
      await().atMost(time).until(told);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private Optional<Retention> rules() {
    return scenario.replica().policy().content().repositories().stream()
        .filter(entry -> entry.name().equals("rules/app"))
        .findFirst()
        .map(DeclaredRepository::retention);
  }

  private Repository repository() {
    return scenario.get(Repository.class, "app");
  }

  private Optional<Condition> applied() {
    return Scenario.condition(repository(), "RetentionApplied");
  }

  private void annotate(String annotation, String value) {
    patch("{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
  }

  private void patch(String merge) {
    operator
        .client()
        .resources(Repository.class)
        .inNamespace("rules")
        .withName("app")
        .patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }
}
