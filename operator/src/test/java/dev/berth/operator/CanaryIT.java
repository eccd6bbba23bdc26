package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.policy.Canary;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes prove that they can pull; the test plays the nodes. */
@NullUnmarked // a null is a failed test
class CanaryIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration A_WHILE = Duration.ofSeconds(2);
  private static final String NAMESPACE = "canaries";
  private static final String NODES = "{nodeAccess: {mode: HostsToml}}";
  private static final String WORDS =
      "failed to resolve reference \"main.canaries.svc/berth.dev/canary\": i/o timeout";

  private RunningOperator operator;
  private Scenario scenario;
  private PlayedNodes nodes;
  private int pokes;

  @BeforeEach
  void start() throws Exception {
    operator =
        new RunningOperator(Map.of(TestClock.MOVABLE, true, "berth.node-hosts", "*.example.com"));
    assumeFalse(operator.isWhole(), "the test plays the nodes");
    operator.namespace(NAMESPACE);
    scenario = new Scenario(operator, NAMESPACE);
    nodes = new PlayedNodes(operator.client(), NAMESPACE);
    scenario.create();
    scenario.apply("Registry", "main", NODES);
    scenario.awaitReady(SOON);
    await().atMost(SOON).until(() -> nodes.agents() != null);
  }

  @AfterEach
  void stop() {
    scenario.close();
    operator.close();
    TestClock.setRight();
  }

  @Test
  void oneNodeOfEachPoolPullsOnceAllAreConfigured() throws Exception {
    // Given
    nodes.node("n1", Map.of("cloud.google.com/gke-nodepool", "general"));
    nodes.node("n2", Map.of("cloud.google.com/gke-nodepool", "general"));
    nodes.node("n3", Map.of());

    // When
    List.of("n1", "n2", "n3").forEach(nodes::ready);
    nodes.count(3, 2);
    poke();

    // Then: one of them is not there yet
    await().during(A_WHILE).atMost(SOON).until(() -> nodes.trials().isEmpty());

    // When
    nodes.count(3, 3);

    // Then
    await().atMost(SOON).until(() -> nodes.trials().size() == 2);
    List<Job> trials = nodes.trials();
    assertThat(trials).extracting(CanaryIT::node).containsExactlyInAnyOrder("n1", "n3");
    trials.forEach(this::assertPullsAsAnyPod);

    // When
    trials.forEach(trial -> nodes.ends(nodes.pod(trial)));

    // Then
    await().atMost(SOON).until(() -> reachability().size() == 2 && nodes.trials().isEmpty());
    assertThat(reachability())
        .extracting(NodeReachability::pool)
        .containsExactly("default", "general");
    assertThat(reachability()).extracting(NodeReachability::node).containsExactly("n3", "n1");
    assertThat(reachability()).extracting(NodeReachability::pulled).containsOnly(true);
    await().atMost(SOON).until(() -> condition().status() == ConditionStatus.TRUE);

    // When: nothing happens, also to an operator that only knows what the API holds
    String version = registry().getMetadata().getResourceVersion();
    int stored = scenario.replica().canaries.get();
    operator.restart();
    await().atMost(SOON).until(() -> operator.requests().asked().stream().anyMatch(any -> true));

    // Then
    await()
        .during(A_WHILE)
        .atMost(SOON)
        .until(
            () ->
                nodes.trials().isEmpty()
                    && registry().getMetadata().getResourceVersion().equals(version));
    assertThat(scenario.replica().canaries).hasValue(stored);
  }

  @Test
  void aNodeThatCannotPullIsSaidInTheKubeletsWordsAndTriedAgain() {
    // Given
    Job trial = tried("n1");
    Pod pod = nodes.pod(trial);

    // When
    nodes.waits(pod, "ErrImagePull", WORDS);
    await().during(A_WHILE).atMost(SOON).until(() -> reachability().isEmpty());
    nodes.waits(pod, "ImagePullBackOff", "Back-off pulling image");
    TestClock.moveOn(Duration.ofSeconds(61));
    poke();

    // Then
    await().atMost(SOON).until(() -> condition().reason().equals("PullFailed"));
    assertThat(condition().status()).isEqualTo(ConditionStatus.FALSE);
    assertThat(condition().message())
        .startsWith("1 of 1 nodes are configured, but node n1 of pool default cannot pull:")
        .contains(WORDS, "docs/node-access.md");
    assertThat(reachability())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.pulled()).isFalse();
              assertThat(result.message()).isEqualTo("ErrImagePull: " + WORDS);
            });
    await().atMost(SOON).until(() -> Scenario.isTrue(registry(), "Ready"));

    // When
    TestClock.moveOn(Duration.ofSeconds(61));
    poke();
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    nodes.ends(nodes.pod(nodes.trials().getFirst()));

    // Then
    await().atMost(SOON).until(() -> condition().status() == ConditionStatus.TRUE);
    assertThat(reachability()).extracting(NodeReachability::pulled).containsExactly(true);
  }

  @Test
  void nodesTryAgainWhenTheyAreToldSomethingElseAndOnceADay() {
    // Given
    nodes.ends(nodes.pod(tried("n1")));
    await().atMost(SOON).until(() -> reachability().size() == 1 && nodes.trials().isEmpty());
    String plan = reachability().getFirst().plan();

    // When
    TestClock.moveOn(Duration.ofHours(24));
    poke();

    // Then
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    nodes.ends(nodes.pod(nodes.trials().getFirst()));
    await().atMost(SOON).until(() -> nodes.trials().isEmpty());

    // When
    scenario.apply(
        "Registry",
        "main",
        "{nodeAccess: {mode: HostsToml}, externalHosts: [registry.example.com]}");
    await()
        .atMost(SOON)
        .until(
            () ->
                !plan.equals(
                    nodes
                        .agents()
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations()
                        .get("berth.dev/plan")));
    nodes.ready("n1");
    nodes.count(1, 1);

    // Then
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    nodes.ends(nodes.pod(nodes.trials().getFirst()));
    await()
        .atMost(SOON)
        .until(() -> reachability().size() == 1 && !plan.equals(reachability().getFirst().plan()));
  }

  @Test
  void aTrialIsAsOldAsTheOperatorsClockSaysWhateverTheApiServersIs() {
    // Given
    nodes.ends(nodes.pod(tried("n1")));
    await().atMost(SOON).until(() -> reachability().size() == 1 && nodes.trials().isEmpty());
    TestClock.moveOn(Duration.ofHours(24));
    poke();
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    Job trial = nodes.trials().getFirst();

    // When
    poke();

    // Then
    await().during(A_WHILE).atMost(SOON).until(() -> nodes.trials().contains(trial));

    // When
    nodes.ends(nodes.pod(trial));
    await().atMost(SOON).until(() -> nodes.trials().isEmpty());
    poke();

    // Then
    await().during(A_WHILE).atMost(SOON).until(() -> nodes.trials().isEmpty());
  }

  @Test
  void aClusterThatTakesNoJobIsSaidAndHoldsNothingUp() throws Exception {
    // Given
    try (Faults.Rule refused =
        operator
            .faults()
            .on(
                RunningOperator.itsCalls(call -> call.verb().equals("create") && call.isOf("jobs")),
                Fault.answer(403),
                Integer.MAX_VALUE)) {
      // When
      oneNodeIsReady();

      // Then
      awaitNotTried("The Job could not be made: ");
      assertThat(condition().status()).isEqualTo(ConditionStatus.TRUE);
      assertThat(refused.count()).isEqualTo(1);
    }

    // When
    TestClock.moveOn(Duration.ofSeconds(61));
    poke();

    // Then
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
  }

  @Test
  void aServerThatDoesNotStoreTheImageIsSaidAndAskedAgain() {
    // Given
    String stored = scenario.replica().stored.getAndSet("");

    // When
    oneNodeIsReady();

    // Then
    awaitNotTried("The server did not store the image: ");
    assertThat(nodes.trials()).isEmpty();

    // When
    scenario.replica().stored.set(stored);
    TestClock.moveOn(Duration.ofSeconds(61));
    poke();

    // Then
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
  }

  private void oneNodeIsReady() {
    nodes.node("n1", Map.of());
    nodes.ready("n1");
    nodes.count(1, 1);
  }

  private void awaitNotTried(String why) {
    await().atMost(SOON).until(() -> !reachability().isEmpty());
    assertThat(reachability())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.pulled()).isNull();
              assertThat(result.message()).startsWith(why);
            });
  }

  @Test
  void aTrialGoesWithTheModeAndWhileTheRegistryIsPaused() {
    // Given
    tried("n1");

    // When
    scenario.annotate("berth.dev/paused", "true");

    // Then
    await().atMost(SOON).until(() -> nodes.trials().isEmpty());

    // When
    scenario.annotate("berth.dev/paused", "false");
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    scenario.apply("Registry", "main", "{}");

    // Then
    await().atMost(SOON).until(() -> nodes.trials().isEmpty());
    await().atMost(SOON).until(() -> scenario.get(Secret.class, "main-canary") == null);
    await().atMost(SOON).until(() -> reachability().isEmpty());
    assertThat(scenario.replica().policy().content().pullSecrets()).isEmpty();
  }

  @Test
  void aTrialGoesWithTheRegistry() {
    // Given
    tried("n1");

    // When
    operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

    // Then
    await().atMost(SOON).until(() -> nodes.trials().isEmpty());
  }

  @Test
  void aNodeThatTheApiDoesNotKnowIsNotAsked() {
    // When
    nodes.ready("unknown");
    nodes.count(1, 1);
    poke();

    // Then
    await().during(A_WHILE).atMost(SOON).until(() -> nodes.trials().isEmpty());
    assertThat(reachability()).isEmpty();
  }

  /** Has a node asked, and returns what asks it. */
  private Job tried(String node) {
    nodes.node(node, Map.of());
    nodes.ready(node);
    nodes.count(1, 1);
    await().atMost(SOON).until(() -> nodes.trials().size() == 1);
    return nodes.trials().getFirst();
  }

  private void assertPullsAsAnyPod(Job trial) {
    assertThat(trial.getMetadata().getOwnerReferences())
        .extracting(OwnerReference::getKind)
        .containsExactly("Registry");
    PodSpec pod = trial.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers())
        .singleElement()
        .satisfies(
            container -> {
              assertThat(container.getImage())
                  .isEqualTo("main.canaries.svc/berth.dev/canary@" + FakeReplica.CANARY);
              assertThat(container.getImagePullPolicy()).isEqualTo("Always");
            });
    assertThat(pod.getTolerations()).anyMatch(any -> any.getOperator().equals("Exists"));
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    // Neither the registry's Service nor its workload selects it.
    assertThat(trial.getSpec().getTemplate().getMetadata().getLabels())
        .doesNotContainKey("berth.dev/registry");
    assertThat(pod.getImagePullSecrets())
        .extracting(LocalObjectReference::getName)
        .containsExactly("main-canary");
    assertLogsIn(scenario.get(Secret.class, "main-canary"));
  }

  /** With what the server knows by the policy that it enforces. */
  private void assertLogsIn(Secret secret) {
    PullSecrets entry =
        scenario.replica().policy().content().pullSecrets().stream()
            .filter(any -> any.policy().equals(Canary.POLICY))
            .findFirst()
            .orElseThrow();
    assertThat(entry.namespaces()).containsExactly(NAMESPACE);
    assertThat(entry.uid()).isEqualTo(registry().getMetadata().getUid());
    PullCredential credential = new PullCredential(Canary.POLICY, NAMESPACE);
    byte[] key =
        Base64.getDecoder()
            .decode(SecretText.of(scenario.get(Secret.class, "main-keys"), "pull-secrets.key"));
    try {
      assertThat(
              new ObjectMapper()
                  .readTree(SecretText.of(secret, ".dockerconfigjson"))
                  .path("auths")
                  .path("main.canaries.svc")
                  .path("password")
                  .asText())
          .isEqualTo(credential.password(key, entry.uid(), entry.generations().getFirst()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String node(Job trial) {
    return trial
        .getSpec()
        .getTemplate()
        .getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchFields()
        .getFirst()
        .getValues()
        .getFirst();
  }

  /** Has the Registry visited: nobody tells the operator that time has passed. */
  private void poke() {
    scenario.annotate("test/poke", Integer.toString(++pokes));
  }

  private Registry registry() {
    return scenario.registry();
  }

  private List<NodeReachability> reachability() {
    return registry().getStatus().reachability();
  }

  private Condition condition() {
    return scenario.condition("NodesConfigured").orElseThrow();
  }
}
