package dev.berth.e2e;

import static dev.berth.e2e.RunningSystem.NAMESPACE;
import static dev.berth.e2e.RunningSystem.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Pods pull by the registry's name in the cluster, and nobody told the node anything but the agent:
 * with {@code -Dcluster=real} alone, for the quickstart has no container runtime.
 */
@NullUnmarked // a null is a failed test
@ResourceLock("ports of a node")
@EnabledIfSystemProperty(named = "cluster", matches = "real")
@EnabledIfEnvironmentVariable(named = "KUBECONFIG", matches = ".+")
class NodeAccessIT {
  private static final String HOST = "main." + NAMESPACE + ".svc";
  private static final Path DIRECTORY = Path.of("/etc/containerd/certs.d", HOST);
  private static final String CHOSEN = "node-access-chosen";
  private static final String OTHER = "node-access-other";
  private static final Map<String, String> LABELS = Map.of("pulls", "demo");
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int PODS_DURING_A_ROTATION = 10;

  @TempDir static Path folder;
  private static RunningSystem system;
  private static KubernetesClient client;
  private static TrialPods pods;

  @BeforeAll
  static void start() throws Exception {
    Program.installed("buildah", Map.of());
    system = RunningSystem.start(folder.resolve("state"));
    client = system.client();
    pods = new TrialPods(client, SOON);
    nodeAccess("HostsToml");
    // The server restarts once when nodes are to know its address.
    await().atMost(SOON).until(NodeAccessIT::isReady);
    push();
    RunningSystem.namespace(client, CHOSEN, LABELS);
    RunningSystem.namespace(client, OTHER, Map.of());
    apply(
        """
        apiVersion: berth.dev/v1alpha1
        kind: AccessPolicy
        metadata: {name: apps, namespace: registries}
        spec:
          registryRef: {name: main}
          subjects: [{kind: User, name: berth}]
          rules: [{repositories: ["demo/**"], actions: [Pull]}]
          pullSecrets:
            name: registry
            namespaces: {from: Selector, selector: {matchLabels: {pulls: demo}}}
            attachToServiceAccounts: [default]
        """);
    apply(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Repository
        metadata: {name: public, namespace: registries}
        spec: {registryRef: {name: main}, path: demo/public, visibility: Public}
        """);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(nodesConfigured()).as(nodesMessage()).isTrue());
    await()
        .atMost(SOON)
        .until(
            () ->
                client
                    .serviceAccounts()
                    .inNamespace(CHOSEN)
                    .withName("default")
                    .get()
                    .getImagePullSecrets()
                    .stream()
                    .anyMatch(secret -> secret.getName().equals("registry")));
  }

  private static void push() throws Exception {
    Secret ca = client.secrets().inNamespace(NAMESPACE).withName("main-ca").require();
    ContainerTool buildah =
        ContainerTool.installed(
            "buildah",
            folder.resolve("buildah"),
            REGISTRY,
            Files.write(
                folder.resolve("ca.crt"), Base64.getDecoder().decode(ca.getData().get("ca.crt"))));
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> buildah.login(REGISTRY, "berth", system.password()));
    TrialPods.push(buildah, folder, REGISTRY + "/demo/app:v1", REGISTRY + "/demo/public:v1");
  }

  @AfterAll
  static void stop() throws Exception {
    if (client != null) {
      client.namespaces().withName(CHOSEN).delete();
      client.namespaces().withName(OTHER).delete();
      client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();
      await()
          .atMost(SOON)
          .until(
              () ->
                  client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").get()
                      == null);
      client.close();
    }
    if (system != null) {
      system.close();
    }
    // What was written to the node went with the Registry.
    assertThat(DIRECTORY).doesNotExist();
  }

  @Test
  void theNodeProvesByItselfThatItCanPull() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(reachability())
                    .isNotEmpty()
                    .allSatisfy(
                        result -> {
                          assertThat(result.pulled()).as(result.toString()).isTrue();
                          assertThat(result.plan()).isEqualTo(plan());
                        }));
    assertThat(nodesConfigured()).as(nodesMessage()).isTrue();
    // Nothing of it stays.
    await()
        .atMost(SOON)
        .until(
            () ->
                client
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(NAMESPACE)
                        .withLabel("berth.dev/canary")
                        .list()
                        .getItems()
                        .isEmpty()
                    && client
                        .pods()
                        .inNamespace(NAMESPACE)
                        .withLabel("berth.dev/canary")
                        .list()
                        .getItems()
                        .isEmpty());
  }

  @Test
  void aPodWithAPullSecretRuns() {
    pods.create(CHOSEN, "with-a-secret", HOST + "/demo/app:v1");

    pods.awaitEnd(CHOSEN, "with-a-secret");
  }

  @Test
  void aPodWithoutAnythingRunsAPublicImage() {
    pods.create(OTHER, "public", HOST + "/demo/public:v1");

    pods.awaitEnd(OTHER, "public");
  }

  @Test
  void aPodWithoutARightIsRefusedAndItsEventSaysBecauseOfWhat() {
    // When
    pods.create(OTHER, "stranger", HOST + "/demo/app:v1");

    // Then: what the registry said, and not that no node can resolve its name
    pods.awaitRefused(OTHER, "stranger");
    assertThat(
            client.v1().events().inNamespace(OTHER).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals("stranger"))
                .map(Event::getMessage))
        .anyMatch(message -> message.contains("/demo/app:v1"))
        .noneMatch(message -> message.contains("no such host"));
    pods.delete(OTHER, "stranger");
  }

  @Test
  void podsStartWhileTheAuthorityIsRotated() throws Exception {
    // Given
    String before = Files.readString(DIRECTORY.resolve("ca.crt"));

    // When
    registry("{\"metadata\": {\"annotations\": {\"berth.dev/rotate-certificate\": \"once\"}}}");

    // Then
    for (int number = 0; number < PODS_DURING_A_ROTATION; number++) {
      String name = "rotation-" + number;
      pods.create(CHOSEN, name, HOST + "/demo/app:v1");
      pods.awaitEnd(CHOSEN, name);
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(DIRECTORY.resolve("ca.crt")).content().isNotEqualTo(before));
    pods.create(CHOSEN, "rotated", HOST + "/demo/app:v1");
    pods.awaitEnd(CHOSEN, "rotated");
  }

  private static void nodeAccess(String mode) {
    registry("{\"spec\": {\"nodeAccess\": {\"mode\": \"%s\"}}}".formatted(mode));
  }

  private static void registry(String patch) {
    client
        .resources(Registry.class)
        .inNamespace(NAMESPACE)
        .withName("main")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private static boolean nodesConfigured() {
    return conditions().stream()
        .anyMatch(
            condition ->
                condition.type().equals("NodesConfigured")
                    && condition.status().name().equals("TRUE"));
  }

  private static boolean isReady() {
    Registry registry =
        client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").require();
    return registry.getMetadata().getGeneration().equals(registry.getStatus().observedGeneration())
        && conditions().stream()
            .anyMatch(
                condition ->
                    condition.type().equals("Ready") && condition.status().name().equals("TRUE"));
  }

  private static List<NodeReachability> reachability() {
    return client
        .resources(Registry.class)
        .inNamespace(NAMESPACE)
        .withName("main")
        .require()
        .getStatus()
        .reachability();
  }

  /** What agents tell nodes now. */
  private static String plan() {
    return client
        .apps()
        .daemonSets()
        .inNamespace(NAMESPACE)
        .withName("main-node-access")
        .require()
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("berth.dev/plan");
  }

  private static String nodesMessage() {
    return String.valueOf(conditions());
  }

  private static List<Condition> conditions() {
    Registry registry =
        client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").require();
    return registry.getStatus() == null ? List.of() : registry.getStatus().conditions();
  }

  private static void apply(String yaml) {
    client.resource(yaml).serverSideApply();
  }
}
