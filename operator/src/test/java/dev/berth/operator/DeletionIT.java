package dev.berth.operator;

import static dev.berth.operator.StorageScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** How a Registry ends whose images go with it, and when it does not yet. */
@NullUnmarked // a null is a failed test
class DeletionIT {
  private static final String DELETE = "{deletionPolicy: Delete}";
  private static final String FINALIZER = "berth.dev/images";
  private static final String FOREGROUND = "foregroundDeletion";

  private static RunningOperator operator;
  private static KubernetesClient client;
  private StorageScene scene;
  private String elsewhere;

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
  void ownNamespaces(TestInfo test) {
    String name =
        "n" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    scene = new StorageScene(operator, name);
    elsewhere = name + "-apps";
    operator.namespace(name);
    operator.namespace(elsewhere);
  }

  @Test
  void onlyARegistryThatTakesItsImagesAlongHasAFinalizer() {
    // When
    scene.apply("main", "{}");
    scene.apply("other", DELETE);

    // Then
    await().atMost(SOON).until(() -> scene.workload("main") != null && isHeld("other"));
    assertThat(isHeld("main")).isFalse();
    scene.apply("other", "{deletionPolicy: Retain}");
    await().atMost(SOON).until(() -> !isHeld("other"));
    assertThat(scene.claim("other-data").require().getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void theClaimGoesWithTheRegistryWhenNoPodRunsItsImages() {
    // Given
    running("main", DELETE);
    scene.createPod(elsewhere, "other", "docker.io/library/nginx:1", null);
    scene.createPod(elsewhere, "name", "main/app:1", null);
    scene.finish(scene.createPod(elsewhere, "done", image("app:1"), null));

    // When
    scene.registry("main").delete();

    // Then
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.isEnding("main-data")).isTrue();
  }

  @Test
  void aRegistryThatIsGoneBeforeTheOperatorHearsOfItIsNoFailure() {
    // Given
    running("main", DELETE);
    AtomicInteger patches = new AtomicInteger();
    operator
        .faults()
        .observe(
            call -> {
              if (call.verb().equals("patch") && isTheRegistry(call)) {
                patches.incrementAndGet();
              }
            });
    try (OperatorLog log = new OperatorLog();
        Faults.Rule lost =
            operator
                .faults()
                .on(
                    RunningOperator.itsCalls(
                        call -> call.verb().equals("patch") && isTheRegistry(call)),
                    Fault.loseAnswer(),
                    1)) {
      // When
      scene.registry("main").delete();
      await().atMost(SOON).until(() -> scene.isGone("main"));
      assertThat(lost.count()).isOne();

      // Then: it asks again, and finds nothing
      await().atMost(SOON).until(() -> patches.get() > 1);
      await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> log.warnings().isEmpty());
    }
  }

  @Test
  void aRegistryIsVisitedThatIsMadeAnewDuringTheLastVisitOfItsNamesake() {
    // Given: a visit that takes its time
    scene.apply("main", "{tls: {secretRef: {name: own}}}");
    scene.awaitReason("main", "Ready", "SecretMissing");
    try (Faults.Rule slow =
        operator
            .faults()
            .on(
                RunningOperator.itsCalls(call -> call.isOf("secrets") && "own".equals(call.name())),
                Fault.delay(Duration.ofSeconds(3)),
                1)) {
      await().atMost(SOON).until(() -> slow.count() == 1);

      // When
      scene.registry("main").delete();
      await().atMost(SOON).until(() -> scene.isGone("main"));
      scene.apply("main", "{}");

      // Then
      await().atMost(SOON).until(() -> scene.workload("main") != null);
      scene.awaitReason("main", "Ready", "ClaimPending");
    }
  }

  private boolean isTheRegistry(ApiCall call) {
    return call.isOf("registries")
        && call.subresource().isEmpty()
        && call.namespace().equals(scene.namespace());
  }

  @Test
  void theRegistryStaysAndServesWhilePodsRunItsImages() throws Exception {
    // Given
    running("main", "{deletionPolicy: Delete, externalHosts: [\"registry.example.com:8443\"]}");
    Pod one = scene.createPod(elsewhere, "one", image("team/app:1"), null);
    Pod two = scene.createPod(elsewhere, "two", "registry.example.com:8443/app@sha256:0", null);
    try (FakeReplica replica = new FakeReplica(client, scene.namespace(), "main")) {
      scene.bind("main-data", "20Gi");
      scene.awaitReason("main", "Ready", "Ready");

      // When
      scene.registry("main").delete();

      // Then
      scene.awaitReason("main", "Ready", "ImagesInUse");
      scene.awaitReason("main", "Stalled", "ImagesInUse");
      assertThat(scene.condition("main", "Ready").message())
          .contains("2 pods run images", elsewhere + "/one", elsewhere + "/two")
          .contains("Delete these pods, or set spec.deletionPolicy to Retain");
      client.services().inNamespace(scene.namespace()).withName("main").delete();
      await()
          .atMost(SOON)
          .until(
              () ->
                  client.services().inNamespace(scene.namespace()).withName("main").get() != null);
      client.resource(one).delete();
      await()
          .atMost(SOON)
          .until(
              () -> scene.condition("main", "Ready").message(),
              message -> message.contains("A pod runs") && message.contains("/two"));
      assertThat(scene.isEnding("main-data")).isFalse();
      assertThat(replica.policy()).isNotNull();
    }
    client.resource(two).delete();
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.isEnding("main-data")).isTrue();
  }

  @Test
  void aRegistryThatRetainsItsImagesAfterAllGoesAtOnce() {
    // Given
    running("main", DELETE);
    scene.createPod(elsewhere, "one", image("app:1"), null);
    scene.registry("main").delete();
    scene.awaitReason("main", "Ready", "ImagesInUse");

    // When
    scene.apply("main", "{deletionPolicy: Retain}");

    // Then
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.isEnding("main-data")).isFalse();
  }

  @Test
  void aDeletionInTheForegroundTakesChildrenAndNoImages() {
    // Given
    running("main", DELETE);
    String workload = scene.workload("main").getMetadata().getUid();
    scene.createPod(elsewhere, "one", image("app:1"), null);
    scene.addFinalizer("main", FOREGROUND);

    // When
    scene.registry("main").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();

    // Then: while the garbage collector takes the children away, none is made anew
    scene.awaitReason("main", "Ready", "ImagesInUse");
    if (!operator.isWhole()) {
      client.apps().deployments().inNamespace(scene.namespace()).withName("main").delete();
      await().during(Duration.ofSeconds(6)).atMost(SOON).until(() -> !hasWorkload());
      scene.removeFinalizer("main", FOREGROUND);
    }

    // Then: it is done, and the images are still in use
    await()
        .atMost(SOON)
        .until(
            () ->
                hasWorkload()
                    && !scene.workload("main").getMetadata().getUid().equals(workload)
                    && scene
                        .registry("main")
                        .require()
                        .getMetadata()
                        .getFinalizers()
                        .equals(List.of(FINALIZER)));
    assertThat(scene.isEnding("main-data")).isFalse();
  }

  private boolean hasWorkload() {
    return scene.workload("main") != null;
  }

  @Test
  void aRegistryThatLeavesItsChildrenBehindLeavesItsClaim() {
    // Given
    running("main", DELETE);
    scene.addFinalizer("main", "orphan");

    // When
    scene.registry("main").withPropagationPolicy(DeletionPropagation.ORPHAN).delete();

    // Then
    await().atMost(SOON).until(() -> !isHeld("main"));
    assertThat(scene.isEnding("main-data")).isFalse();
  }

  @Test
  void childrenThatWereLeftBehindAlreadyKeepTheirClaimToo() {
    // Given
    running("main", DELETE);
    scene.addFinalizer("main", "example.com/hold");
    scene.annotate("main", Map.of("berth.dev/paused", "true"));
    scene.awaitReason("main", "Paused", "Paused");
    client
        .apps()
        .deployments()
        .inNamespace(scene.namespace())
        .withName("main")
        .edit(
            deployment -> {
              deployment.getMetadata().setOwnerReferences(List.of());
              return deployment;
            });

    // When
    scene.registry("main").delete();
    scene.annotate("main", Map.of());

    // Then
    await().atMost(SOON).until(() -> !isHeld("main"));
    assertThat(scene.isEnding("main-data")).isFalse();
    scene.removeFinalizer("main", "example.com/hold");
  }

  @Test
  void aPausedRegistryKeepsItsImagesAndSaysSo() {
    // Given
    running("main", DELETE);
    scene.annotate("main", Map.of("berth.dev/paused", "true"));
    scene.awaitReason("main", "Paused", "Paused");

    // When
    scene.registry("main").delete();

    // Then
    await()
        .atMost(SOON)
        .until(
            () -> scene.condition("main", "Paused").message(),
            message -> message.contains("deletion") && message.contains("berth.dev/paused"));
    assertThat(scene.isEnding("main-data")).isFalse();
    scene.annotate("main", Map.of());
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.isEnding("main-data")).isTrue();
  }

  @Test
  void aNamespaceThatEndsIsNotHeldUp() {
    // Given
    running("main", DELETE);
    scene.createPod(elsewhere, "one", image("app:1"), null);
    client.namespaces().withName(scene.namespace()).delete();

    // When
    scene.registry("main").delete();

    // Then
    await().atMost(Duration.ofSeconds(30)).until(() -> scene.isGone("main"));
  }

  @Test
  void aClaimThatAnotherRegistryNamesStays() {
    // Given
    running("main", DELETE);
    scene.apply("copy", "{storage: {existingClaim: {claimName: main-data}}}");
    scene.awaitReason("copy", "StorageReady", "Conflict");

    // When
    scene.registry("main").delete();

    // Then
    scene.awaitReason("main", "Ready", "ImagesInUse");
    assertThat(scene.condition("main", "Ready").message()).contains("Registry copy");
    scene.registry("copy").delete();
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.isEnding("main-data")).isTrue();
  }

  private void running(String name, String spec) {
    scene.apply(name, spec);
    await()
        .atMost(SOON)
        .until(
            () ->
                isHeld(name)
                    && scene.claim(name + "-data").get() != null
                    && scene.workload(name) != null);
  }

  private boolean isHeld(String name) {
    Registry registry = scene.registry(name).get();
    return registry != null && registry.getMetadata().getFinalizers().contains(FINALIZER);
  }

  private String image(String repository) {
    return "main." + scene.namespace() + ".svc/" + repository;
  }
}
