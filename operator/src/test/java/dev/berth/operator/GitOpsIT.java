package dev.berth.operator;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A Registry with a Repository and an AccessPolicy that Argo CD keeps as they are in Git: what it
 * marks them with, how it applies them, what it looks at.
 */
@NullUnmarked // a null is a failed test
class GitOpsIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String NAMESPACE = "gitops";
  private static final String TRACKING = "argocd.argoproj.io/tracking-id";
  private static final String INSTANCE = "app.kubernetes.io/instance";
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Registry.class,
          Repository.class,
          AccessPolicy.class,
          ServiceAccount.class,
          ConfigMap.class,
          Secret.class,
          PersistentVolumeClaim.class,
          Deployment.class,
          Service.class,
          NetworkPolicy.class,
          Event.class);

  /** With every quantity and default left as people write them. */
  private static final Map<String, String> MANIFESTS =
      Map.of(
          "Registry",
          "{storage: {persistentVolumeClaim: {size: 1024Mi}}, resources: {requests: {cpu:"
              + " \"0.5\"}}}",
          "Repository",
          "{registryRef: {name: main}, path: apps/**}",
          "AccessPolicy",
          "{registryRef: {name: main}, subjects: [{kind: User, name: ci}],"
              + " rules: [{repositories: [apps/**], actions: [Pull, Push]}]}");

  private static RunningOperator operator;
  private static KubernetesClient client;
  private static FakeReplica replica;

  @BeforeAll
  static void aRegistryThatArgoCdApplied() throws Exception {
    operator = new RunningOperator();
    client = operator.client();
    operator.namespace(NAMESPACE);
    MANIFESTS.keySet().forEach(GitOpsIT::sync);
    await().atMost(SOON).until(() -> one(Secret.class, "main-keys") != null);
    await().atMost(SOON).until(() -> one(PersistentVolumeClaim.class, "main-data") != null);
    operator.bind(NAMESPACE, "main-data");
    replica = new FakeReplica(client, NAMESPACE, "main");
    await().atMost(SOON).untilAsserted(GitOpsIT::everythingIsReady);
  }

  @AfterAll
  static void stop() {
    if (replica != null) {
      replica.close();
    }
    operator.close();
  }

  @Test
  void tenReconcilesAfterReadyWriteNothing() {
    // Given
    Map<String, String> before = versions();
    List<String> writes = writes();
    assertThat(writes).as("what made the children").hasSizeGreaterThan(10);
    double reconciles = reconciles();

    // When: each is waited for, so that none is merged with the next
    for (int i = 1; i <= 10; i++) {
      double done = reconciles + i;
      touchPod(i);
      await().atMost(SOON).until(() -> reconciles() >= done);
    }

    // Then
    assertThat(writes()).isEqualTo(writes);
    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void whatIsInGitIsInSyncHoweverOftenItIsApplied() {
    // Given
    Map<String, String> before = versions();

    for (int i = 0; i < 10; i++) {
      for (String kind : MANIFESTS.keySet()) {
        // When: what Argo CD compares
        HasMetadata live = client.resource(manifest(kind)).get();
        HasMetadata predicted = client.resource(manifest(kind)).dryRun().patch(asArgoCd());

        // Then
        assertThat(predicted).as(kind).isEqualTo(live);

        // When: what it does without comparing
        sync(kind);
      }
    }

    // Then
    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void theOperatorOwnsNothingOfAManifestButItsStatus() {
    assertThat(MANIFESTS.keySet())
        .allSatisfy(
            kind ->
                assertThat(client.resource(manifest(kind)).get().getMetadata().getManagedFields())
                    .as(kind)
                    .filteredOn(entry -> entry.getManager().equals("berth"))
                    .isNotEmpty()
                    .extracting(ManagedFieldsEntry::getSubresource)
                    .containsOnly("status"));
  }

  @Test
  void noChildIsTakenForAnObjectOfGit() {
    assertThat(children())
        .hasSize(11)
        .allSatisfy(
            child -> {
              assertThat(child.getMetadata().getLabels()).doesNotContainKey("team");
              assertThat(child.getMetadata().getLabels()).doesNotContainEntry(INSTANCE, "shop");
              if (child.getMetadata().getAnnotations() != null) {
                assertThat(child.getMetadata().getAnnotations())
                    .doesNotContainKeys(TRACKING, "team.example.com/contact");
              }
            });
    var template = one(Deployment.class, "main").getSpec().getTemplate().getMetadata();
    assertThat(template.getLabels())
        .doesNotContainKey("team")
        .doesNotContainEntry(INSTANCE, "shop");
    assertThat(template.getAnnotations()).doesNotContainKeys(TRACKING, "team.example.com/contact");
  }

  @Test
  void noChildIsPrunedOrOutOfSync() {
    String uid = one(Registry.class, "main").getMetadata().getUid();
    assertThat(children())
        .allSatisfy(
            child -> {
              boolean owned =
                  child.getMetadata().getOwnerReferences().stream()
                      .anyMatch(owner -> owner.getUid().equals(uid));
              if (!owned) {
                assertThat(child.getMetadata().getAnnotations())
                    .as(child.getKind() + " " + child.getMetadata().getName())
                    .containsEntry("argocd.argoproj.io/sync-options", "Prune=false")
                    .containsEntry("argocd.argoproj.io/compare-options", "IgnoreExtraneous");
              }
            });
  }

  @Test
  void theApiServerTakesTheStatusOfEveryHealthExample() throws Exception {
    operator.namespace("examples");
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/argocd"))) {
      for (Path file : files.filter(f -> f.getParent().endsWith("testdata")).toList()) {
        // Given
        GenericKubernetesResource example =
            Serialization.unmarshal(Files.readString(file), GenericKubernetesResource.class);
        Object status = example.getAdditionalProperties().remove("status");
        if (status == null) {
          continue;
        }
        example.getMetadata().setNamespace("examples");
        example.getMetadata().setGeneration(null);
        example.getMetadata().setDeletionTimestamp(null);
        // The operator is to leave it alone.
        example.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
        example.getMetadata().setName("e" + Integer.toHexString(file.toString().hashCode()));
        client.resource(example).create();

        // When
        example.setAdditionalProperty("status", status);
        GenericKubernetesResource written = client.resource(example).dryRun().patchStatus();

        // Then: nothing was refused, and nothing was left out
        assertThat(written.getAdditionalProperties().get("status"))
            .as(file.toString())
            .isEqualTo(status);
      }
    }
  }

  private static void everythingIsReady() {
    assertThat(Scenario.isTrue(one(Registry.class, "main"), "Ready")).isTrue();
    assertThat(Scenario.isTrue(one(Repository.class, "main"), "Ready")).isTrue();
    assertThat(Scenario.isTrue(one(AccessPolicy.class, "main"), "Enforced")).isTrue();
    assertThat(one(Registry.class, "main").getStatus().usage()).isNotNull();
  }

  private static void sync(String kind) {
    client.resource(manifest(kind)).patch(asArgoCd());
  }

  private static PatchContext asArgoCd() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager("argocd-controller")
        .withForce(true)
        .build();
  }

  /** As it is in Git, with both marks by which Argo CD can know its own, and some of a user. */
  private static GenericKubernetesResource manifest(String kind) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: %1$s
        metadata:
          name: main
          namespace: %2$s
          labels: {app.kubernetes.io/instance: shop, team: shop}
          annotations:
            argocd.argoproj.io/tracking-id: "shop:berth.dev/%1$s:%2$s/main"
            team.example.com/contact: somebody
        spec: %3$s
        """
            .formatted(kind, NAMESPACE, MANIFESTS.get(kind)),
        GenericKubernetesResource.class);
  }

  /** The operator watches the pods: a change of one is a reason to visit its Registry. */
  private static void touchPod(int i) {
    client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("berth.dev/registry", "main")
        .resources()
        .forEach(
            pod ->
                pod.edit(
                    p -> {
                      p.getMetadata().setAnnotations(Map.of("touched", "t" + i));
                      return p;
                    }));
  }

  private static List<String> writes() {
    return operator.calls().writesIn(NAMESPACE);
  }

  private static double reconciles() {
    return operator
        .server()
        .getApplicationContext()
        .getBean(MeterRegistry.class)
        .find("reconciliations.success.total")
        .tag("controller.name", "registry")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static List<HasMetadata> children() {
    return all()
        .filter(o -> !o.getApiVersion().startsWith("berth.dev/"))
        .filter(o -> !(o instanceof Event))
        .filter(
            o ->
                o.getMetadata().getLabels() != null
                    && "berth"
                        .equals(o.getMetadata().getLabels().get("app.kubernetes.io/managed-by")))
        .toList();
  }

  private static Map<String, String> versions() {
    return all()
        .filter(o -> !(o instanceof Event event) || isOfTheOperator(event))
        .collect(
            toMap(
                o -> o.getKind() + "/" + o.getMetadata().getName(),
                o -> o.getMetadata().getResourceVersion()));
  }

  /** A cluster's controllers have something to say too, and count how often. */
  private static boolean isOfTheOperator(Event event) {
    return "berth-operator".equals(event.getReportingComponent());
  }

  private static Stream<HasMetadata> all() {
    return KINDS.stream()
        .flatMap(kind -> client.resources(kind).inNamespace(NAMESPACE).list().getItems().stream());
  }

  private static <R extends HasMetadata> R one(Class<R> kind, String name) {
    return client.resources(kind).inNamespace(NAMESPACE).withName(name).get();
  }
}
