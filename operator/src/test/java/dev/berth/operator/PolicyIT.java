package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.policy.Action;
import dev.berth.policy.Grant;
import dev.berth.policy.Visibility;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Repositories and AccessPolicies: what reaches the replicas, and what their users are told. */
@NullUnmarked // a null is a failed test
class PolicyIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static RunningOperator operator;
  private static KubernetesClient client;
  private String namespace;
  private String tenant;
  private FakeReplica replica;

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
  void registryWithAReplica(TestInfo test) throws Exception {
    String id = Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    namespace = "r" + id;
    tenant = "t" + id;
    operator.namespace(namespace);
    operator.namespace(tenant, "team", "true");
    apply(
        "Registry",
        namespace,
        "main",
        """
        tenancy:
          - paths: ["**"]
          - namespaces: {from: Selector, selector: {matchLabels: {team: "true"}}}
            paths: ["{namespace}/**"]
        """);
    await()
        .atMost(SOON)
        .until(() -> client.secrets().inNamespace(namespace).withName("main-keys").get() != null);
    replica = new FakeReplica(client, namespace, "main");
    await().atMost(SOON).until(() -> replica.policy() != null);
  }

  @AfterEach
  void endReplica() {
    replica.close();
  }

  @Test
  void anAccessPolicyIsEnforcedOnceEveryReplicaHasAcknowledgedIt() {
    // When
    applyPolicy(namespace, "ci", "[{repositories: [team/**], actions: [Pull, Push]}]");

    // Then
    await().atMost(SOON).until(() -> is(AccessPolicy.class, namespace, "ci", "Enforced", "True"));
    assertThat(replica.policy().content().grants())
        .singleElement()
        .satisfies(
            grant -> {
              assertThat(grant.policy()).isEqualTo(namespace + "/ci");
              assertThat(grant.actions()).containsExactly(Action.PULL, Action.PUSH);
            });
    assertThat(condition(AccessPolicy.class, namespace, "ci", "Ready").orElseThrow().reason())
        .isEqualTo("Ready");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(client.v1().events().inNamespace(namespace).list().getItems())
                    .filteredOn(event -> event.getInvolvedObject().getKind().equals("AccessPolicy"))
                    .extracting(Event::getReason)
                    .containsExactly("Ready"));
  }

  @Test
  void anAccessPolicyIsNotEnforcedWhileAReplicaRefuses() {
    // Given
    replica.refuses.set(true);

    // When
    applyPolicy(namespace, "ci", "[{repositories: [team/**], actions: [Pull]}]");

    // Then
    await().atMost(SOON).until(() -> is(AccessPolicy.class, namespace, "ci", "Enforced", "False"));
    await()
        .atMost(SOON)
        .until(
            () ->
                condition(Registry.class, namespace, "main", "PolicyEnforced")
                    .map(Condition::reason)
                    .equals(Optional.of("ReplicaUnreachable")));

    // When
    replica.refuses.set(false);

    // Then
    await().atMost(SOON).until(() -> is(AccessPolicy.class, namespace, "ci", "Enforced", "True"));
  }

  @Test
  void aDeletedAccessPolicyIsTakenBackFromTheReplicas() {
    // Given
    applyPolicy(namespace, "ci", "[{repositories: [team/**], actions: [Pull]}]");
    await().atMost(SOON).until(() -> !replica.policy().content().grants().isEmpty());

    // When
    client.resources(AccessPolicy.class).inNamespace(namespace).withName("ci").delete();

    // Then
    await().atMost(SOON).until(() -> replica.policy().content().grants().isEmpty());
  }

  @Test
  void aTenantGetsWhatTheTenancyGivesItAndIsToldWhatNot() {
    // When
    applyPolicy(
        tenant, "ci", "[{repositories: [%s/app, other/app], actions: [Pull]}]".formatted(tenant));

    // Then
    await().atMost(SOON).until(() -> is(AccessPolicy.class, tenant, "ci", "Accepted", "False"));
    assertThat(condition(AccessPolicy.class, tenant, "ci", "Accepted").orElseThrow())
        .satisfies(
            accepted -> {
              assertThat(accepted.reason()).isEqualTo("NotAllowed");
              assertThat(accepted.message())
                  .contains("spec.rules[0]: other/app")
                  .contains(tenant + "/**")
                  .contains("tenancy");
            });
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(replica.policy().content().grants())
                    .flatExtracting(Grant::repositories)
                    .extracting("value")
                    .containsExactly(tenant + "/app"));
  }

  @Test
  void aNamespaceThatLosesItsLabelLosesItsRights() {
    // Given
    applyPolicy(tenant, "ci", "[{repositories: [%s/app], actions: [Pull]}]".formatted(tenant));
    await().atMost(SOON).until(() -> !replica.policy().content().grants().isEmpty());

    // When
    client
        .namespaces()
        .withName(tenant)
        .edit(
            object -> {
              object.getMetadata().getLabels().remove("team");
              return object;
            });

    // Then
    await().atMost(SOON).until(() -> replica.policy().content().grants().isEmpty());
    await().atMost(SOON).until(() -> is(AccessPolicy.class, tenant, "ci", "Accepted", "False"));
  }

  @Test
  void ofTwoRepositoriesOfAPathTheOlderCounts() {
    // Given
    apply("Repository", namespace, "first", repository("team/app", "Public"));
    await().atMost(SOON).until(() -> is(Repository.class, namespace, "first", "Accepted", "True"));

    // When
    apply("Repository", namespace, "second", repository("team/app", "Private"));

    // Then
    await()
        .atMost(SOON)
        .until(() -> is(Repository.class, namespace, "second", "Accepted", "False"));
    assertThat(condition(Repository.class, namespace, "second", "Accepted").orElseThrow().message())
        .contains(namespace + "/first");
    assertThat(replica.policy().content().repositories())
        .singleElement()
        .satisfies(declared -> assertThat(declared.visibility()).isEqualTo(Visibility.PUBLIC));

    // When
    client.resources(Repository.class).inNamespace(namespace).withName("first").delete();

    // Then
    await().atMost(SOON).until(() -> is(Repository.class, namespace, "second", "Accepted", "True"));
  }

  @Test
  void aRepositoryWithoutItsRegistrySaysSoUntilThereIsOne() {
    // When
    apply("Repository", namespace, "early", "{registryRef: {name: later}, path: a/b}");

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                condition(Repository.class, namespace, "early", "Accepted")
                    .map(Condition::reason)
                    .equals(Optional.of("RegistryMissing")));

    // When
    apply("Registry", namespace, "later", "{}");

    // Then
    await().atMost(SOON).until(() -> is(Repository.class, namespace, "early", "Accepted", "True"));
  }

  @Test
  void anExpiredAccessPolicyGrantsNothing() {
    // When
    apply(
        "AccessPolicy",
        namespace,
        "old",
        """
        registryRef: {name: main}
        subjects: [{kind: User, name: alice}]
        rules: [{repositories: ["**"], actions: [Pull]}]
        expiresAt: "2020-01-01T00:00:00Z"
        """);

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                condition(AccessPolicy.class, namespace, "old", "Ready")
                    .map(Condition::reason)
                    .equals(Optional.of("Expired")));
    assertThat(replica.policy().content().grants()).isEmpty();
  }

  @Test
  void subjectsOfEveryKindReachTheReplicas() {
    // When
    apply(
        "AccessPolicy",
        namespace,
        "robots",
        """
        registryRef: {name: main}
        subjects: [{kind: User, name: alice}, {kind: Group, name: platform}, {kind: ServiceAccount, namespace: ci}]
        rules: [{repositories: ["**"], actions: [Pull]}]
        """);

    // Then
    await()
        .atMost(SOON)
        .until(() -> is(AccessPolicy.class, namespace, "robots", "Enforced", "True"));
    assertThat(condition(AccessPolicy.class, namespace, "robots", "Ready").orElseThrow().reason())
        .isEqualTo("Ready");
    assertThat(condition(AccessPolicy.class, namespace, "robots", "Supported")).isEmpty();
    assertThat(replica.policy().content().grants().getFirst().subjects()).hasSize(3);
  }

  private void applyPolicy(String in, String name, String rules) {
    apply(
        "AccessPolicy",
        in,
        name,
        """
        registryRef: {name: main, namespace: %s}
        subjects: [{kind: User, name: alice}]
        rules: %s
        """
            .formatted(namespace, rules));
  }

  private static String repository(String path, String visibility) {
    return "{registryRef: {name: main}, path: %s, visibility: %s}".formatted(path, visibility);
  }

  private static void apply(String kind, String namespace, String name, String spec) {
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
        .serverSideApply();
  }

  private static <R extends CustomResource<?, ?>> boolean is(
      Class<R> type, String namespace, String name, String condition, String status) {
    return condition(type, namespace, name, condition)
        .filter(c -> c.status() == ConditionStatus.valueOf(status.toUpperCase(Locale.ROOT)))
        .isPresent();
  }

  private static <R extends CustomResource<?, ?>> Optional<Condition> condition(
      Class<R> type, String namespace, String name, String condition) {
    R object = client.resources(type).inNamespace(namespace).withName(name).require();
    List<Condition> conditions =
        switch (object) {
          case Registry r when r.getStatus() != null -> r.getStatus().conditions();
          case Repository r when r.getStatus() != null -> r.getStatus().conditions();
          case AccessPolicy p when p.getStatus() != null -> p.getStatus().conditions();
          default -> List.of();
        };
    return conditions.stream().filter(c -> c.type().equals(condition)).findFirst();
  }
}
