package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.embedded.authorization.Action;
import dev.berth.operator.ChartRights.Right;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rights in the chart are what the operator needs, and nothing else. That it needs no others is
 * shown by every test here, for {@link RunningOperator} has no others.
 */
@NullUnmarked // a null is a failed test
class LeastPrivilegeIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** What the framework wants to see in a review of its rights before it starts, and never does. */
  private static final Action ONLY_DEMANDED =
      new Action(
          "update", "coordination.k8s.io", "leases", ChartRights.NAMESPACE, "berth-operator", "");

  /**
   * What others have many of, and not for the operator's eyes. ServiceAccounts are: any may log in
   * where an AccessPolicy names it. So are Pods: what they run stays.
   */
  private static final Set<String> SELECTED_BY_LABEL =
      Set.of(
          "secrets",
          "configmaps",
          "services",
          "persistentvolumeclaims",
          "deployments",
          "daemonsets",
          "jobs",
          "networkpolicies");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyRightIsUsedAndNothingIsReadThatIsNotTheOperatorsOwnOrNamed(boolean wholeCluster)
      throws Exception {
    try (RunningOperator operator =
        new RunningOperator(true, wholeCluster ? List.of() : List.of("team-a", "team-b"))) {
      if (wholeCluster) {
        operator.namespace("team-a");
      }

      // When
      for (String namespace : wholeCluster ? List.of("team-a") : List.of("team-a", "team-b")) {
        liveARegistrysLife(operator.client(), namespace);
      }

      // Then
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(unused(operator))
                      .as(
                          "rights of the chart that nothing here uses: drop them from %s, or use them here",
                          ChartRights.RULES)
                      .isEmpty());
      assertThat(unselective(operator)).as("lists and watches without a label").isEmpty();
      assertThat(operator.requests().asked())
          .extracting(
              asked ->
                  asked.action().verb()
                      + " "
                      + asked.action().resource()
                      + " "
                      + asked.action().name())
          .contains("get secrets users")
          .doesNotContain("patch secrets users", "delete secrets users");
    }
  }

  /** Everything that makes the operator read, make, change and take away. */
  private static void liveARegistrysLife(KubernetesClient client, String namespace)
      throws Exception {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("users")
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("htpasswd", "")
                .build())
        .create();
    String users = "authentication: {users: {secretRef: {name: users}}}";
    apply(client, namespace, "Registry", "main", "{%s}".formatted(users));
    apply(client, namespace, "Repository", "app", "{registryRef: {name: main}, path: team/app}");
    apply(
        client,
        namespace,
        "AccessPolicy",
        "ci",
        "{registryRef: {name: main}, subjects: [{kind: User, name: ci}],"
            + " rules: [{repositories: [a], actions: [Pull]}]}");
    await()
        .atMost(SOON)
        .until(() -> client.secrets().inNamespace(namespace).withName("main-tls").get() != null);
    await()
        .atMost(SOON)
        .until(
            () ->
                client.network().networkPolicies().inNamespace(namespace).withName("main").get()
                    != null);
    await()
        .atMost(SOON)
        .until(() -> find(client, namespace, Registry.class, "main").getStatus() != null);
    await()
        .atMost(SOON)
        .until(() -> find(client, namespace, Repository.class, "app").getStatus() != null);
    await()
        .atMost(SOON)
        .until(() -> find(client, namespace, AccessPolicy.class, "ci").getStatus() != null);

    apply(
        client,
        namespace,
        "Registry",
        "main",
        "{%s, tls: {disabled: {}}, networkPolicy: {enabled: false}}".formatted(users));
    await()
        .atMost(SOON)
        .until(() -> client.secrets().inNamespace(namespace).withName("main-tls").get() == null);
    await()
        .atMost(SOON)
        .until(
            () ->
                client.network().networkPolicies().inNamespace(namespace).withName("main").get()
                    == null);
    configureNodes(client, namespace);
    distributePullSecrets(client, namespace);
    deleteARepositoryWithItsImages(client, namespace);
    askCertManager(client, namespace);
    deleteWithItsImages(client, namespace);
  }

  private static void configureNodes(KubernetesClient client, String namespace) throws Exception {
    var agents = client.apps().daemonSets().inNamespace(namespace).withName("main-node-access");
    apply(client, namespace, "Registry", "main", "{nodeAccess: {mode: HostsToml}}");
    await().atMost(SOON).until(() -> agents.get() != null);
    PlayedNodes nodes = new PlayedNodes(client, namespace);
    nodes.node("n1", Map.of());
    nodes.ready("n1");
    nodes.count(1, 1);
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      await().atMost(SOON).until(() -> nodes.trials().size() == 1);
      nodes.ends(nodes.pod(nodes.trials().getFirst()));
      await().atMost(SOON).until(() -> nodes.trials().isEmpty());
      assertThat(replica.canaries).hasPositiveValue();
    }
    apply(client, namespace, "Registry", "main", "{tls: {disabled: {}}}");
    await()
        .atMost(SOON)
        .until(
            () ->
                agents.get().getMetadata().getAnnotations().containsKey("berth.dev/removal-since"));
    // There is no node, and so none that has anything left.
    DaemonSet asTheyAreNow = agents.get();
    asTheyAreNow.setStatus(
        new DaemonSetStatusBuilder()
            .withObservedGeneration(asTheyAreNow.getMetadata().getGeneration())
            .withDesiredNumberScheduled(0)
            .withNumberReady(0)
            .build());
    client.resource(asTheyAreNow).updateStatus();
    await().atMost(SOON).until(() -> agents.get() == null);
  }

  private static void distributePullSecrets(KubernetesClient client, String namespace)
      throws Exception {
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      apply(
          client,
          namespace,
          "AccessPolicy",
          "ci",
          "{registryRef: {name: main}, subjects: [{kind: User, name: ci}],"
              + " rules: [{repositories: [a], actions: [Pull]}], pullSecrets: {name: pull}}");
      var copy = client.secrets().inNamespace(namespace).withName("pull");
      await().atMost(SOON).until(() -> replica.policy() != null && copy.get() != null);
      client.resources(AccessPolicy.class).inNamespace(namespace).withName("ci").delete();
      await().atMost(SOON).until(() -> copy.get() == null);
    }
  }

  private static void askCertManager(KubernetesClient client, String namespace) {
    client
        .load(
            Objects.requireNonNull(
                LeastPrivilegeIT.class.getResourceAsStream("/cert-manager-crd.yaml")))
        .serverSideApply();
    apply(client, namespace, "Registry", "main", "{tls: {certManager: {issuerRef: {name: ca}}}}");
    await().atMost(SOON).until(() -> certificate(client, namespace).get() != null);
    apply(client, namespace, "Registry", "main", "{}");
    await().atMost(SOON).until(() -> certificate(client, namespace).get() == null);
  }

  private static Resource<GenericKubernetesResource> certificate(
      KubernetesClient client, String namespace) {
    return client
        .genericKubernetesResources("cert-manager.io/v1", "Certificate")
        .inNamespace(namespace)
        .withName("main-tls");
  }

  private static void deleteARepositoryWithItsImages(KubernetesClient client, String namespace)
      throws Exception {
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      apply(
          client,
          namespace,
          "Repository",
          "app",
          "{registryRef: {name: main}, path: team/app, deletionPolicy: Delete}");
      var repository = client.resources(Repository.class).inNamespace(namespace).withName("app");
      await().atMost(SOON).until(() -> !repository.get().getMetadata().getFinalizers().isEmpty());
      repository.delete();
      await().atMost(SOON).until(() -> repository.get() == null);
      assertThat(replica.deleted).contains("team/app");
    }
  }

  private static void deleteWithItsImages(KubernetesClient client, String namespace) {
    apply(client, namespace, "Registry", "main", "{deletionPolicy: Delete}");
    var registry = client.resources(Registry.class).inNamespace(namespace).withName("main");
    await().atMost(SOON).until(() -> !registry.get().getMetadata().getFinalizers().isEmpty());
    Pod user =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName("user")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("app")
                    .withImage("main.%s.svc/app".formatted(namespace))
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    registry.delete();
    await()
        .atMost(SOON)
        .until(
            () ->
                registry.get().getStatus().conditions().stream()
                    .anyMatch(condition -> condition.reason().equals("ImagesInUse")));
    client.resource(user).delete();
    await().atMost(SOON).until(() -> registry.get() == null);
  }

  private static List<Right> unused(RunningOperator operator) {
    return operator.rights().rights().stream()
        .filter(right -> !right.allows(ONLY_DEMANDED))
        .filter(
            right ->
                operator.requests().asked().stream()
                    .noneMatch(asked -> right.allows(asked.action())))
        .toList();
  }

  private static List<Requests.Asked> unselective(RunningOperator operator) {
    return operator.requests().asked().stream()
        .filter(asked -> Set.of("list", "watch").contains(asked.action().verb()))
        .filter(asked -> SELECTED_BY_LABEL.contains(asked.action().resource()))
        .filter(asked -> !asked.labelSelector().startsWith("app.kubernetes.io/managed-by=berth"))
        .toList();
  }

  private static <T extends HasMetadata> T find(
      KubernetesClient client, String namespace, Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).require();
  }

  private static void apply(
      KubernetesClient client, String namespace, String kind, String name, String spec) {
    HasMetadata object =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: %s}
            spec: %s
            """
                .formatted(kind, name, namespace, spec),
            GenericKubernetesResource.class);
    client.resource(object).forceConflicts().serverSideApply();
  }
}
