package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.registry.FailingNode;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.KeyPairPem;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of {@code spec.nodeAccess}; the test plays the nodes. */
@NullUnmarked // a null is a failed test
class NodeAccessIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String NAMESPACE = "nodes";
  private static final String AGENTS = PlayedNodes.AGENTS;

  /** Of this process: others run beside it, and the port is given. */
  private static final String AGENT =
      "127.77.%d.1".formatted(1 + ProcessHandle.current().pid() % 250);

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(DaemonSet.class, ConfigMap.class, ServiceAccount.class, NetworkPolicy.class);

  private RunningOperator operator;
  private Scenario scenario;
  private PlayedNodes nodes;

  @BeforeEach
  void start() throws Exception {
    operator =
        new RunningOperator(Map.of(TestClock.MOVABLE, true, "berth.node-hosts", "*.example.com"));
    operator.namespace(NAMESPACE);
    scenario = new Scenario(operator, NAMESPACE);
    nodes = new PlayedNodes(operator.client(), NAMESPACE);
    scenario.apply("Registry", "main", "{nodeAccess: {mode: HostsToml}}");
    await().atMost(SOON).until(() -> get(DaemonSet.class, AGENTS) != null);
  }

  @AfterEach
  void stop() {
    scenario.close();
    operator.close();
    TestClock.setRight();
  }

  @Test
  void nodesLearnTheServicesAddressWhichCertificateAndServerKnow() throws Exception {
    // Then
    String address = get(Service.class, "main").getSpec().getClusterIP();
    assertThat(get(ConfigMap.class, AGENTS).getData().get("h0.hosts.toml"))
        .contains("https://" + address);
    Secret tls = await().atMost(SOON).until(() -> get(Secret.class, "main-tls"), Objects::nonNull);
    assertThat(
            CertificateFacts.of(
                    new KeyPairPem(SecretText.of(tls, "tls.crt"), SecretText.of(tls, "tls.key")))
                .missing(List.of(address)))
        .isEmpty();
    assertThat(get(ConfigMap.class, "main-config").getData().get("registry.yaml"))
        .contains("\"" + address + "\"");
    // The server's pod is made once: its configuration does not change a moment later.
    await().atMost(SOON).until(() -> get(Deployment.class, "main") != null);
    assertThat(get(Deployment.class, "main").getMetadata().getGeneration()).isEqualTo(1);
    assertThat(registry().getMetadata().getFinalizers()).contains("berth.dev/nodes");
  }

  @Test
  void theServiceGetsItsAddressBackWhenItIsMadeAnew() {
    // Given
    String address = get(Service.class, "main").getSpec().getClusterIP();
    String uid = get(Service.class, "main").getMetadata().getUid();

    // When
    operator.client().services().inNamespace(NAMESPACE).withName("main").delete();

    // Then
    Service again =
        await()
            .atMost(SOON)
            .until(
                () -> get(Service.class, "main"),
                service -> service != null && !service.getMetadata().getUid().equals(uid));
    assertThat(again.getSpec().getClusterIP()).isEqualTo(address);
  }

  @Test
  void nodesThatFailAreNamedWithTheReasonThatTheirAgentGives() throws Exception {
    // Given
    HttpServer agent = HttpServer.create(new InetSocketAddress(AGENT, 5001), 0);
    agent.createContext(
        "/state",
        exchange -> {
          byte[] state =
              "revision r\nreason ConfigPathUnset\nmessage There is none. Set it.\n"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, state.length);
          exchange.getResponseBody().write(state);
          exchange.close();
        });
    agent.start();
    try {
      // When
      nodes.unready("n7", AGENT);
      count(3, 2);

      // Then
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(failing())
                      .containsExactly(
                          new FailingNode("n7", "ConfigPathUnset", "There is none. Set it.")));
      assertThat(registry().getStatus().nodes().configured()).isEqualTo(2);
      assertThat(registry().getStatus().nodes().total()).isEqualTo(3);
      assertThat(condition().reason()).isEqualTo("ConfigPathUnset");
      // An agent is no replica of the server.
      assertThat(registry().getStatus().readyReplicas()).isZero();
    } finally {
      agent.stop(0);
    }

    // When
    nodes.remove("n7");
    count(3, 3);

    // Then
    await().atMost(SOON).until(() -> condition().reason().equals("NodesConfigured"));
    await().atMost(SOON).until(() -> failing().isEmpty());
  }

  @Test
  void whenTheModeGoesTheAgentsRemoveTheirFilesBeforeTheyGo() {
    // Given
    count(2, 2);

    // When
    scenario.apply("Registry", "main", "{}");

    // Then
    await().atMost(SOON).until(() -> plan().contains("action remove"));
    assertThat(registry().getMetadata().getFinalizers()).contains("berth.dev/nodes");

    // When
    await().atMost(SOON).until(() -> removalBegan());
    count(2, 2);

    // Then
    awaitNothingLeft();
    await()
        .atMost(SOON)
        .until(() -> !registry().getMetadata().getFinalizers().contains("berth.dev/nodes"));
    await().atMost(SOON).until(() -> condition() == null);
  }

  @Test
  void whenTheModeComesBackMeanwhileNothingOfTheRemovalIsLeft() {
    // Given
    scenario.apply("Registry", "main", "{}");
    await().atMost(SOON).until(this::removalBegan);

    // When
    scenario.apply("Registry", "main", "{nodeAccess: {mode: HostsToml}}");

    // Then: the next removal has its whole minute
    await().atMost(SOON).until(() -> plan().contains("action configure"));
    await().atMost(SOON).until(() -> !removalBegan());
    assertThat(registry().getMetadata().getFinalizers()).contains("berth.dev/nodes");
  }

  @Test
  void whatSomebodyTakesAwayOrChangesIsMadeAsItWas() {
    // Given
    String plan = plan();
    String uid = get(DaemonSet.class, AGENTS).getMetadata().getUid();

    // When
    operator.client().apps().daemonSets().inNamespace(NAMESPACE).withName(AGENTS).delete();
    operator
        .client()
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName(AGENTS)
        .edit(found -> found.edit().addToData("plan", "action nothing\nend\n").build());

    // Then
    await()
        .atMost(SOON)
        .until(
            () -> {
              DaemonSet agents = get(DaemonSet.class, AGENTS);
              return agents != null && !agents.getMetadata().getUid().equals(uid);
            });
    await().atMost(SOON).until(() -> plan().equals(plan));
  }

  @Test
  void aRegistryThatIsDeletedWaitsForItsNodesAMinuteAndNoLonger() {
    // Given: a node that does not answer
    count(2, 1);

    // When
    operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

    // Then
    await().atMost(SOON).until(() -> removalBegan());
    count(2, 1);
    assertThat(registry()).isNotNull();

    // When
    TestClock.moveOn(Duration.ofSeconds(61));

    // Then
    awaitNothingLeft();
    await().atMost(SOON).until(() -> registry() == null);
  }

  @Test
  void ofTwoRegistriesWithOneHostOneAloneTellsNodesOfIt() {
    // Given
    String both = "{nodeAccess: {mode: HostsToml}, externalHosts: [registry.example.com]}";
    scenario.apply("Registry", "main", both);
    await().atMost(SOON).until(() -> plan(AGENTS).contains("registry.example.com"));

    // When
    scenario.apply("Registry", "late", both);

    // Then
    await().atMost(SOON).until(() -> plan("late-node-access").contains("late.nodes.svc"));
    assertThat(plan("late-node-access")).doesNotContain("registry.example.com");

    // When
    scenario.apply("Registry", "main", "{nodeAccess: {mode: HostsToml}}");

    // Then
    await().atMost(SOON).until(() -> plan("late-node-access").contains("registry.example.com"));
    assertThat(plan(AGENTS)).doesNotContain("registry.example.com");
  }

  @Test
  void aRegistryThatIsDeletedWhileItIsPausedTakesItsFilesAlong() {
    // Given
    count(2, 2);
    scenario.annotate("berth.dev/paused", "true");
    await().atMost(SOON).until(() -> Scenario.isTrue(registry(), "Paused"));

    // When
    operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

    // Then
    awaitGoneWithItsFiles(2);
  }

  @Test
  void aNodeThatHasNoPlaceForItsAgentIsNamed() {
    // When
    nodes.unscheduled("n8", "0/2 nodes are available: 1 Too many pods.");
    count(2, 1);

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(failing())
                    .containsExactly(
                        new FailingNode(
                            "n8",
                            "AgentFailing",
                            "The node has no place for it: 0/2 nodes are available: 1 Too many pods.")));
  }

  @Test
  void nodesMayPullAsLongAsPodsRunImagesOfARegistryThatGoesWithThem() {
    // Given
    StorageScene scene = new StorageScene(operator, NAMESPACE);
    scenario.apply("Registry", "main", "{nodeAccess: {mode: HostsToml}, deletionPolicy: Delete}");
    await()
        .atMost(SOON)
        .until(
            () ->
                registry()
                    .getMetadata()
                    .getFinalizers()
                    .containsAll(List.of("berth.dev/nodes", "berth.dev/images")));
    Pod pod = scene.createPod(NAMESPACE, "app", "main.nodes.svc/app:v1", null);

    // When
    scene.registry("main").delete();

    // Then
    scene.awaitReason("main", "Ready", "ImagesInUse");
    assertThat(plan()).contains("action configure");
    assertThat(registry().getMetadata().getFinalizers()).contains("berth.dev/nodes");

    // When
    scene.finish(pod);

    // Then
    awaitGoneWithItsFiles(0);
  }

  private void awaitGoneWithItsFiles(int onNodes) {
    await().atMost(SOON).until(this::removalBegan);
    count(onNodes, onNodes);
    awaitNothingLeft();
    await().atMost(SOON).until(() -> registry() == null);
  }

  @Test
  void nothingIsBegunForARegistryThatIsBeingDeleted() {
    // Given
    StorageScene scene = new StorageScene(operator, NAMESPACE);
    scene.apply("late", "{deletionPolicy: Delete}");
    await().atMost(SOON).until(() -> scene.workload("late") != null);
    Pod pod = scene.createPod(NAMESPACE, "app", "late.nodes.svc/app:v1", null);
    scene.registry("late").delete();
    scene.awaitReason("late", "Ready", "ImagesInUse");

    // When
    scene.apply("late", "{deletionPolicy: Delete, nodeAccess: {mode: HostsToml}}");

    // Then
    await()
        .atMost(SOON)
        .until(
            () -> {
              Registry late = get(Registry.class, "late");
              return late.getMetadata()
                  .getGeneration()
                  .equals(late.getStatus().observedGeneration());
            });
    scene.awaitReason("late", "Ready", "ImagesInUse");
    assertThat(get(DaemonSet.class, "late-node-access")).isNull();
    scene.finish(pod);
    await().atMost(SOON).until(() -> scene.isGone("late"));
  }

  @Test
  void aClusterThatRefusesToTellAgentsDoesNotHoldTheRegistry() {
    // Given
    try (Faults.Rule refused =
        operator
            .faults()
            .on(
                RunningOperator.itsCalls(
                    call -> call.verb().equals("patch") && call.isOf("daemonsets")),
                Fault.answer(403),
                Integer.MAX_VALUE)) {
      // When
      operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

      // Then
      awaitNothingLeft();
      await().atMost(SOON).until(() -> registry() == null);
      assertThat(refused.count()).isPositive();
    }
  }

  @Test
  void agentsHaveANetworkPolicyWhereTheRegistryHasOne() {
    // Given
    await().atMost(SOON).until(() -> get(NetworkPolicy.class, AGENTS) != null);

    // When
    scenario.apply(
        "Registry", "main", "{nodeAccess: {mode: HostsToml}, networkPolicy: {enabled: false}}");

    // Then
    await().atMost(SOON).until(() -> get(NetworkPolicy.class, AGENTS) == null);
    assertThat(get(DaemonSet.class, AGENTS)).isNotNull();
  }

  private void awaitNothingLeft() {
    for (Class<? extends HasMetadata> kind : KINDS) {
      await().atMost(SOON).until(() -> get(kind, AGENTS) == null);
    }
  }

  private List<FailingNode> failing() {
    RegistryStatus status = registry().getStatus();
    return status == null || status.nodes() == null ? List.of() : status.nodes().failing();
  }

  private boolean removalBegan() {
    DaemonSet agents = get(DaemonSet.class, AGENTS);
    return agents != null
        && agents.getMetadata().getAnnotations() != null
        && agents.getMetadata().getAnnotations().containsKey("berth.dev/removal-since");
  }

  private String plan() {
    return plan(AGENTS);
  }

  /** Empty while there is none. */
  private String plan(String name) {
    ConfigMap found = get(ConfigMap.class, name);
    return found == null ? "" : found.getData().get("plan");
  }

  private void count(int total, int ready) {
    nodes.count(total, ready);
  }

  private Registry registry() {
    return get(Registry.class, "main");
  }

  private Condition condition() {
    return Scenario.condition(registry(), "NodesConfigured").orElse(null);
  }

  private <T extends HasMetadata> T get(Class<T> type, String name) {
    return operator.client().resources(type).inNamespace(NAMESPACE).withName(name).get();
  }
}
