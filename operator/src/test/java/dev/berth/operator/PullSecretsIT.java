package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The Secrets that an AccessPolicy keeps in namespaces. */
@NullUnmarked // a null is a failed test
class PullSecretsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String TYPE = "kubernetes.io/dockerconfigjson";

  private static RunningOperator operator;
  private static KubernetesClient client;

  /** What a container runtime reads. */
  private record Logins(Map<String, Map<String, String>> auths) {}

  private String namespace;
  private String a;
  private String b;
  private FakeReplica replica;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator(Map.of(TestClock.MOVABLE, true));
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void registryWithAReplicaAndTwoTeams(TestInfo test) throws Exception {
    TestClock.setRight();
    String id = Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    namespace = "r" + id;
    a = "a" + id;
    b = "b" + id;
    operator.namespace(namespace);
    operator.namespace(a, "team", namespace);
    operator.namespace(b, "team", namespace);
    apply("Registry", "main", "{externalHosts: [\"localhost:30500\"]}");
    await()
        .atMost(SOON)
        .until(() -> client.secrets().inNamespace(namespace).withName("main-keys").get() != null);
    replica = new FakeReplica(client, namespace, "main");
    await().atMost(SOON).until(() -> replica.policy() != null);
  }

  @AfterEach
  void endReplica() {
    var policies = client.resources(AccessPolicy.class).inNamespace(namespace);
    policies.delete();
    await().atMost(SOON).until(() -> policies.list().getItems().isEmpty());
    replica.close();
    TestClock.setRight();
  }

  @Test
  void everyChosenNamespaceGetsACredentialThatTheReplicasTake() {
    // When
    policy("pull", "[]");

    // Then
    awaitCopies("pull", a, b);
    PullSecrets entry = entry("pull").orElseThrow();
    AccessPolicy policy = get("pull");
    assertThat(entry.uid()).isEqualTo(policy.getMetadata().getUid());
    assertThat(entry.namespaces()).containsExactly(a, b);
    byte[] key =
        Base64.getDecoder()
            .decode(
                SecretText.of(
                    client.secrets().inNamespace(namespace).withName("main-keys").get(),
                    "pull-secrets.key"));
    for (String team : List.of(a, b)) {
      assertThat(copy(team, "pull").getType()).isEqualTo(TYPE);
      Map<String, Map<String, String>> auths = auths(copy(team, "pull"));
      assertThat(auths)
          .containsOnlyKeys(
              "localhost:30500",
              "main",
              "main:443",
              "main." + namespace,
              "main." + namespace + ":443",
              "main." + namespace + ".svc",
              "main." + namespace + ".svc:443",
              "main." + namespace + ".svc.cluster.local",
              "main." + namespace + ".svc.cluster.local:443");
      PullCredential credential = new PullCredential(namespace + "/pull", team);
      assertThat(auths.get("localhost:30500"))
          .containsEntry("username", credential.username())
          .containsEntry(
              "password", credential.password(key, entry.uid(), entry.generations().getFirst()));
    }
    awaitReason("pull", "Distributed");
    assertThat(get("pull").getStatus().pullSecrets())
        .satisfies(
            status -> {
              assertThat(status.namespaces()).isEqualTo(2);
              assertThat(
                      Duration.between(
                          Instant.parse(status.rotatedAt()), Instant.parse(status.rotatesAt())))
                  .isEqualTo(Duration.ofDays(30));
            });
  }

  @Test
  void nothingIsMadeBeforeEveryReplicaTakesIt() {
    // Given
    replica.refuses.set(true);

    // When
    policy("pull", "[]");

    // Then
    awaitReason("pull", "Pending");
    assertThat(copy(a, "pull")).isNull();

    // When
    replica.refuses.set(false);

    // Then
    awaitCopies("pull", a, b);
  }

  @Test
  void aVisitThatFindsNothingNewWritesNothing() {
    // Given
    policy("pull", "[default]");
    account(a, "default");
    awaitCopies("pull", a, b);
    await().atMost(SOON).until(() -> names(a, "default").contains("pull"));
    awaitReason("pull", "Distributed");
    int before = writes();

    // When: another AccessPolicy has every one of the Registry visited
    apply(
        "AccessPolicy",
        "other",
        "{registryRef: {name: main}, subjects: [{kind: User, name: bob}],"
            + " rules: [{repositories: [x], actions: [Pull]}]}");
    await().atMost(SOON).until(() -> Scenario.isTrue(get("other"), "Enforced"));

    // Then
    assertThat(writes()).isEqualTo(before);
  }

  @Test
  void namespacesComeGoAndChangeTheirLabels() {
    // Given
    policy("pull", "[default]");
    awaitCopies("pull", a, b);
    String late = "c" + namespace;
    account(b, "default");
    await().atMost(SOON).until(() -> names(b, "default").contains("pull"));

    // When
    operator.namespace(late, "team", namespace);
    client
        .namespaces()
        .withName(b)
        .edit(
            object -> {
              object.getMetadata().getLabels().remove("team");
              return object;
            });

    // Then
    awaitCopies("pull", a, late);
    await().atMost(SOON).until(() -> copy(b, "pull") == null && names(b, "default").isEmpty());
    assertThat(entry("pull").orElseThrow().namespaces()).containsExactly(a, late);

    // When
    client.namespaces().withName(late).delete();

    // Then
    await().atMost(SOON).until(() -> entry("pull").orElseThrow().namespaces().equals(Set.of(a)));
    await().atMost(SOON).until(() -> get("pull").getStatus().pullSecrets().namespaces() == 1);
  }

  @Test
  void serviceAccountsGetTheNameBesideThoseOfOthersAndLoseItAgain() {
    // Given
    account(a, "default", "theirs");
    account(a, "builder", "pull");

    // When
    policy("pull", "[default, builder, late]");
    awaitCopies("pull", a, b);
    account(a, "late");

    // Then
    await().atMost(SOON).until(() -> names(a, "default").equals(List.of("theirs", "pull")));
    await().atMost(SOON).until(() -> names(a, "late").equals(List.of("pull")));
    assertThat(names(a, "builder")).containsExactly("pull");

    // When: somebody takes it away
    client
        .serviceAccounts()
        .inNamespace(a)
        .withName("default")
        .edit(
            account ->
                new ServiceAccountBuilder(account)
                    .withImagePullSecrets(List.of(new LocalObjectReference("new")))
                    .build());

    // Then
    await().atMost(SOON).until(() -> names(a, "default").equals(List.of("new", "pull")));

    // When
    policy("pull", "[builder]");

    // Then
    await().atMost(SOON).until(() -> names(a, "default").equals(List.of("new")));
    await().atMost(SOON).until(() -> names(a, "late").isEmpty());
    assertThat(names(a, "builder")).containsExactly("pull");
    assertThat(account(a, "default").getMetadata().getAnnotations()).isEmpty();
  }

  @Test
  void aRotationReplacesEveryCopyByOneThatWasTakenInAdvance() {
    // Given
    policy("pull", "[]");
    awaitCopies("pull", a, b);
    List<Long> before = entry("pull").orElseThrow().generations();
    assertThat(before).hasSize(2);
    String old = password(copy(a, "pull"));

    // When
    TestClock.moveOn(Duration.ofDays(30).plusSeconds(1));
    touchRegistry();

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                List.of(a, b).stream()
                    .allMatch(team -> generation(copy(team, "pull")) == before.getLast()));
    assertThat(password(copy(a, "pull"))).isNotEqualTo(old);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Instant.parse(get("pull").getStatus().pullSecrets().rotatedAt()))
                    .isEqualTo(Instant.ofEpochSecond(before.getLast())));

    // When: kubelets have it too
    TestClock.moveOn(Duration.ofMinutes(6));
    touchRegistry();

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(entry("pull").orElseThrow().generations())
                    .hasSize(2)
                    .startsWith(before.getLast()));
  }

  @Test
  void aSecretOfSomebodyElseIsNeitherChangedNorDeleted() {
    // Given
    Secret theirs =
        client
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName("pull")
                    .withNamespace(a)
                    .endMetadata()
                    .withType(TYPE)
                    .addToStringData(".dockerconfigjson", "{\"auths\":{}}")
                    .build())
            .create();

    // When
    policy("pull", "[default]");
    account(a, "default");
    account(b, "default");

    // Then
    awaitReason("pull", "Conflict");
    awaitCopies("pull", b);
    await().atMost(SOON).until(() -> names(b, "default").contains("pull"));
    assertThat(condition("pull").orElseThrow().message()).contains(a).doesNotContain(b);
    assertThat(names(a, "default")).isEmpty();

    // When
    client.resources(AccessPolicy.class).inNamespace(namespace).withName("pull").delete();

    // Then
    await().atMost(SOON).until(() -> get("pull") == null && copy(b, "pull") == null);
    assertThat(copy(a, "pull").getMetadata().getResourceVersion())
        .isEqualTo(theirs.getMetadata().getResourceVersion());

    // When: it goes, and the AccessPolicy comes again
    client.resource(theirs).delete();
    policy("pull", "[]");

    // Then
    awaitCopies("pull", a, b);
  }

  @Test
  void twoAccessPoliciesOfOneSecretDoNotTakeItFromEachOther() {
    // Given
    policy("pull", "[default]");
    account(a, "default");
    awaitCopies("pull", a, b);
    await().atMost(SOON).until(() -> names(a, "default").contains("pull"));

    // When
    policy("second", "pull", "[default]");

    // Then
    awaitReason("second", "Conflict");
    String first = get("pull").getMetadata().getUid();
    assertThat(copy(a, "pull").getMetadata().getLabels())
        .containsEntry("berth.dev/pull-secret", first);

    // When
    client.resources(AccessPolicy.class).inNamespace(namespace).withName("second").delete();

    // Then
    await().atMost(SOON).until(() -> get("second") == null);
    assertThat(copy(a, "pull").getMetadata().getLabels())
        .containsEntry("berth.dev/pull-secret", first);
    assertThat(names(a, "default")).containsExactly("pull");
  }

  @Test
  void anAccessPolicyThatGoesTakesExactlyItsOwnAlong() {
    // Given
    policy("pull", "[default]");
    policy("kept", "[default]");
    account(a, "default", "theirs");
    awaitCopies("pull", a, b);
    awaitCopies("kept", a, b);
    await()
        .atMost(SOON)
        .until(() -> names(a, "default").containsAll(List.of("theirs", "pull", "kept")));
    assertThat(get("pull").getMetadata().getFinalizers()).containsExactly("berth.dev/pull-secrets");

    // When
    client.resources(AccessPolicy.class).inNamespace(namespace).withName("pull").delete();

    // Then
    await().atMost(SOON).until(() -> get("pull") == null);
    assertThat(copy(a, "pull")).isNull();
    assertThat(copy(b, "pull")).isNull();
    assertThat(names(a, "default")).containsExactlyInAnyOrder("theirs", "kept");
    awaitCopies("kept", a, b);
    await().atMost(SOON).until(() -> entry("pull").isEmpty() && entry("kept").isPresent());
  }

  @Test
  void whatSomebodyChangedOrDeletedComesBack() {
    // Given
    policy("pull", "[]");
    awaitCopies("pull", a, b);
    Map<String, String> data = copy(a, "pull").getData();

    // When
    client
        .secrets()
        .inNamespace(a)
        .withName("pull")
        .edit(
            secret ->
                new SecretBuilder(secret)
                    .addToData(".dockerconfigjson", "e30=")
                    .editMetadata()
                    .addToAnnotations("berth.dev/pull-secret-generation", "1")
                    .endMetadata()
                    .build());
    client.secrets().inNamespace(b).withName("pull").delete();

    // Then
    await()
        .atMost(SOON)
        .until(() -> copy(a, "pull").getData().equals(data) && generation(copy(a, "pull")) > 1);
    awaitCopies("pull", a, b);
    assertThat(entry("pull").orElseThrow().generations()).hasSize(2);
  }

  @Test
  void whatIsTakenOutOfTheSpecOrLosesItsRegistryTakesItsCopiesAlong() {
    // Given
    policy("pull", "[]");
    policy("other", "[default]");
    account(a, "default");
    awaitCopies("pull", a, b);
    awaitCopies("other", a, b);
    await().atMost(SOON).until(() -> names(a, "default").contains("other"));

    // When
    apply(
        "AccessPolicy",
        "pull",
        "{registryRef: {name: main}, subjects: [{kind: User, name: bob}],"
            + " rules: [{repositories: [x], actions: [Pull]}]}");

    // Then
    await().atMost(SOON).until(() -> copy(a, "pull") == null && copy(b, "pull") == null);
    await().atMost(SOON).until(() -> get("pull").getMetadata().getFinalizers().isEmpty());
    assertThat(copy(a, "other")).isNotNull();

    // When
    client.resources(Registry.class).inNamespace(namespace).withName("main").delete();

    // Then
    await().atMost(SOON).until(() -> copy(a, "other") == null && copy(b, "other") == null);
    await().atMost(SOON).until(() -> names(a, "default").isEmpty());
    awaitReason("other", "RegistryMissing");
  }

  @Test
  void anAccessPolicyThatLetsNobodyPullSaysSo() {
    // When
    apply(
        "AccessPolicy",
        "push",
        "{registryRef: {name: main}, subjects: [{kind: User, name: bob}],"
            + " rules: [{repositories: [x], actions: [Push]}], pullSecrets: {name: pull}}");

    // Then
    awaitReason("push", "NothingToPull");
    assertThat(copy(namespace, "pull")).isNull();
  }

  private void policy(String name, String accounts) {
    policy(name, name, accounts);
  }

  private void policy(String name, String secret, String accounts) {
    apply(
        "AccessPolicy",
        name,
        """
        registryRef: {name: main}
        subjects: [{kind: User, name: alice}]
        rules: [{repositories: ["apps/**"], actions: [Pull]}]
        pullSecrets:
          name: %s
          namespaces: {from: Selector, selector: {matchLabels: {team: %s}}}
          attachToServiceAccounts: %s
          rotation: 720h
        """
            .formatted(secret, namespace, accounts));
  }

  private void apply(String kind, String name, String spec) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: berth.dev/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec:
                %s
                """
                    .formatted(kind, name, namespace, spec.indent(2)),
                GenericKubernetesResource.class))
        .forceConflicts()
        .serverSideApply();
  }

  /** Has the Registry visited. */
  private void touchRegistry() {
    client
        .resources(Registry.class)
        .inNamespace(namespace)
        .withName("main")
        .patch(
            // Whatever the operator writes at the same time.
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\": {\"annotations\": {\"touched\": \"%d\"}}}"
                .formatted(System.nanoTime()));
  }

  private ServiceAccount account(String in, String name, String... pullSecrets) {
    ServiceAccount there = client.serviceAccounts().inNamespace(in).withName(name).get();
    if (there != null && pullSecrets.length == 0) {
      return there;
    }
    return client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(in)
                .endMetadata()
                .withImagePullSecrets(
                    Arrays.stream(pullSecrets).map(LocalObjectReference::new).toList())
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private static List<String> names(String in, String account) {
    return client
        .serviceAccounts()
        .inNamespace(in)
        .withName(account)
        .require()
        .getImagePullSecrets()
        .stream()
        .map(LocalObjectReference::getName)
        .toList();
  }

  private static Secret copy(String in, String name) {
    return client.secrets().inNamespace(in).withName(name).get();
  }

  private AccessPolicy get(String name) {
    return client.resources(AccessPolicy.class).inNamespace(namespace).withName(name).get();
  }

  private void awaitCopies(String name, String... namespaces) {
    await()
        .atMost(SOON)
        .until(() -> Arrays.stream(namespaces).allMatch(team -> copy(team, name) != null));
  }

  private void awaitReason(String policy, String reason) {
    await()
        .atMost(SOON)
        .until(() -> condition(policy).map(Condition::reason).equals(Optional.of(reason)));
  }

  private Optional<Condition> condition(String policy) {
    return Scenario.condition(get(policy), "SecretsDistributed");
  }

  private Optional<PullSecrets> entry(String policy) {
    return replica.policy().content().pullSecrets().stream()
        .filter(entry -> entry.policy().equals(namespace + "/" + policy))
        .findFirst();
  }

  private int writes() {
    return operator.calls().writesIn(a).size() + operator.calls().writesIn(b).size();
  }

  private static long generation(Secret copy) {
    return Long.parseLong(
        copy.getMetadata().getAnnotations().get("berth.dev/pull-secret-generation"));
  }

  private static String password(Secret copy) {
    return auths(copy).get("localhost:30500").get("password");
  }

  private static Map<String, Map<String, String>> auths(Secret copy) {
    return Serialization.unmarshal(SecretText.of(copy, ".dockerconfigjson"), Logins.class).auths();
  }
}
