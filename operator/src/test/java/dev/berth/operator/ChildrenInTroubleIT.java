package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.repository.Repository;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of child: changed, taken away, somebody else's, or gone with its namespace. */
@NullUnmarked // a null is a failed test
class ChildrenInTroubleIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration REPAIRED = Duration.ofSeconds(5);
  private static final int IN_MEMORY = 4;
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  /** What a foreign object holds beside its name, where its kind does not take an empty one. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "Deployment",
          """
          spec:
            selector: {matchLabels: {app: other}}
            template:
              metadata: {labels: {app: other}}
              spec: {containers: [{name: other, image: other}]}
          """,
          "Service",
          "spec: {ports: [{port: 1}]}",
          "NetworkPolicy",
          "spec: {podSelector: {}}",
          "PersistentVolumeClaim",
          "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}");

  private static RunningOperator operator;
  private static KubernetesClient client;
  private String namespace;
  private Scenario scenario;
  private OperatorLog log;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator();
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void ownNamespace() {
    namespace = "c" + NAMESPACES.incrementAndGet();
    operator.namespace(namespace);
    scenario = new Scenario(operator, namespace);
    log = new OperatorLog();
  }

  @AfterEach
  void end() {
    scenario.delete();
    scenario.close();
    log.close();
  }

  static Stream<String> children() {
    return Scenario.CHILDREN.stream();
  }

  @ParameterizedTest
  @MethodSource("children")
  void somebodyElsesObjectIsLeftAloneUntilItIsGone(String child) throws Exception {
    // Given
    HasMetadata foreign = foreign(child);
    client.resource(foreign).create();

    // When
    scenario.create();

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                scenario.condition("Ready").filter(c -> c.reason().equals("Conflict")).isPresent());
    assertThat(scenario.condition("Ready").orElseThrow().message())
        .contains(child.replace('/', ' ') + " exists and is not this Registry's");
    await()
        .atMost(SOON)
        .until(
            () ->
                scenario.children().containsKey("Service/main-management")
                    || child.equals("Service/main-management"));
    assertThat(scenario.children()).doesNotContainKey(child);
    assertThat(operator.calls().writesTo(foreign)).isEmpty();

    // When
    client.resource(foreign).delete();

    // Then
    scenario.awaitReady(SOON);
    scenario.assertWhole();
    assertThat(log.stackTraces()).isEmpty();
  }

  @Test
  void everyChildThatIsTakenAwayIsBackWithinFiveSeconds() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    for (String child : Scenario.CHILDREN) {
      HasMetadata before = scenario.children().get(child);

      // When
      client.resource(before).delete();

      // Then
      await()
          .alias(child)
          .atMost(REPAIRED)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  scenario.children().containsKey(child)
                      && !scenario
                          .children()
                          .get(child)
                          .getMetadata()
                          .getUid()
                          .equals(before.getMetadata().getUid()));
    }
    assertThat(scenario.children().keySet()).containsExactlyElementsOf(Scenario.CHILDREN);
  }

  @Test
  void everyChildThatIsChangedIsAsItWasWithinFiveSeconds() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    for (String child : Scenario.CHILDREN) {
      HasMetadata before = scenario.children().get(child);
      String wanted = part(before);

      // When
      client.resource(before).edit(ChildrenInTroubleIT::changed);

      // Then
      await()
          .alias(child)
          .atMost(REPAIRED)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                HasMetadata now = scenario.children().get(child);
                return now != null
                    && !now.getMetadata()
                        .getResourceVersion()
                        .equals(before.getMetadata().getResourceVersion())
                    && part(now).equals(wanted);
              });
    }
    scenario.assertWhole();
  }

  @RepeatedTest(20)
  void nothingIsMadeInANamespaceThatEnds(RepetitionInfo repetition) throws Exception {
    assumeTrue(
        operator.isReal() || repetition.getCurrentRepetition() <= IN_MEMORY,
        "only a whole cluster ends a namespace in an order of its own");
    // Given
    scenario.create();
    if (repetition.getCurrentRepetition() % 2 == 0) {
      scenario.apply("Registry", "main", "{deletionPolicy: Delete}");
      await().atMost(SOON).until(() -> !scenario.registry().getFinalizers().isEmpty());
    }
    scenario.awaitReady(SOON);
    patchFinalizers("[\"test/contents\"]");

    // When
    client.namespaces().withName(namespace).delete();
    List<HasMetadata> contents = new ArrayList<>(scenario.children().values());
    Stream.of(
            scenario.registry(),
            scenario.get(AccessPolicy.class, "ci"),
            scenario.get(Repository.class, "app"))
        .filter(Objects::nonNull)
        .forEach(contents::add);
    Collections.shuffle(contents, new Random(NAMESPACES.get()));
    contents.forEach(object -> client.resource(object).delete());

    // Then
    await().atMost(SOON).until(() -> scenario.registry() == null && scenario.children().isEmpty());
    patchFinalizers("null");
    if (operator.isWhole()) { // else nobody plays the controller that ends it
      await().atMost(SOON).until(() -> client.namespaces().withName(namespace).get() == null);
    }
    // A visit that had begun may have tried, and was refused; those that come later do not try.
    int before = writes().size();
    operator.namespace(namespace + "-after");
    try (Scenario after = new Scenario(operator, namespace + "-after")) {
      after.create();
      after.awaitReady(SOON);
      after.delete();
    }
    assertThat(scenario.children()).isEmpty();
    assertThat(writes().subList(before, writes().size())).isEmpty();
    assertThat(log.stackTraces()).isEmpty();
    assertThat(log.warnings()).noneMatch(warning -> warning.contains("is being terminated"));
  }

  private void patchFinalizers(String finalizers) {
    client
        .namespaces()
        .withName(namespace)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"finalizers\":%s}}".formatted(finalizers));
  }

  /** What the operator has tried to make or to change in the namespace. */
  private List<String> writes() {
    return operator.calls().writesIn(namespace).stream()
        .filter(write -> !write.endsWith("/status") && !write.contains("/events"))
        .toList();
  }

  @Test
  void aRestartOfThePodIsNoNewsToAccessPolicies() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    String version = scenario.get(AccessPolicy.class, "ci").getMetadata().getResourceVersion();

    // When
    scenario.close();
    await()
        .atMost(SOON)
        .until(() -> scenario.condition("Ready").orElseThrow().reason().equals("PodPending"));
    Scenario again = new Scenario(operator, namespace);
    again.awaitReady(SOON);

    // Then
    assertThat(scenario.get(AccessPolicy.class, "ci").getMetadata().getResourceVersion())
        .isEqualTo(version);
    assertThat(Scenario.isTrue(again.registry(), "PolicyEnforced")).isTrue();

    // When
    again.close();
    again.grant("later", "later");

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                Scenario.condition(scenario.get(AccessPolicy.class, "later"), "Enforced")
                    .filter(c -> c.reason().equals("Pending"))
                    .isPresent());
    assertThat(Scenario.isTrue(scenario.get(AccessPolicy.class, "later"), "Enforced")).isFalse();
  }

  private HasMetadata foreign(String child) {
    String kind = child.split("/", -1)[0];
    String group =
        switch (kind) {
          case "Deployment" -> "apps/v1";
          case "NetworkPolicy" -> "networking.k8s.io/v1";
          default -> "v1";
        };
    return (HasMetadata)
        client
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: %s, labels: {owner: other}}
                %s
                """
                    .formatted(
                        group,
                        kind,
                        child.split("/", -1)[1],
                        namespace,
                        FOREIGN.getOrDefault(kind, "")));
  }

  /** A change of what the operator owns. */
  private static HasMetadata changed(HasMetadata object) {
    switch (object) {
      case ConfigMap map -> map.getData().replaceAll((key, text) -> "changed");
      // What is made of random numbers cannot come back: keys that were changed are made anew.
      case Secret secret when !secret.getMetadata().getName().endsWith("keys") ->
          secret.getData().replaceAll((key, text) -> "Y2hhbmdlZA==");
      case Deployment deployment ->
          deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("other");
      case Service service -> service.getSpec().setSelector(Map.of("app", "other"));
      case NetworkPolicy policy -> policy.getSpec().setIngress(List.of());
      default -> {} // of a claim the API server lets nobody change more than its labels
    }
    object.getMetadata().getLabels().put("app.kubernetes.io/name", "other");
    return object;
  }

  private static String part(HasMetadata object) {
    Object content =
        switch (object) {
          case ConfigMap map -> map.getData();
          case Secret secret ->
              secret.getMetadata().getName().endsWith("keys")
                  ? secret.getData()
                  : secret.getData().keySet();
          case Deployment deployment ->
              deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
          case Service service -> service.getSpec().getSelector();
          case NetworkPolicy policy -> policy.getSpec().getIngress();
          case ServiceAccount account -> account.getMetadata().getName();
          default -> "";
        };
    return content + " " + object.getMetadata().getLabels();
  }
}
