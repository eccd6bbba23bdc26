package dev.berth.operator;

import static dev.berth.operator.StorageScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.condition.ConditionStatus;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A registry's claim from the first to the last: growing, found again, shared by mistake, full. */
@NullUnmarked // a null is a failed test
class StorageIT {
  private static RunningOperator operator;
  private static KubernetesClient client;
  private StorageScene scene;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator();
    client = operator.client();
    StorageScene.storageClasses(client);
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    scene =
        new StorageScene(
            operator,
            "n" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode()));
    operator.namespace(scene.namespace());
  }

  @Test
  void aClaimGrowsThoughNothingServes() {
    // Given
    scene.apply("main", own("20Gi", StorageScene.GROWS));
    scene.bind("main-data", "20Gi");
    scene.awaitReason("main", "StorageReady", "Bound");
    assertThat(scene.condition("main", "Ready").status()).isEqualTo(ConditionStatus.FALSE);

    // When
    scene.apply("main", own("50Gi", StorageScene.GROWS));

    // Then
    await().atMost(SOON).until(() -> scene.requested("main-data"), "50Gi"::equals);
    scene.bind("main-data", "20Gi", "FileSystemResizePending");
    await()
        .atMost(SOON)
        .until(
            () -> scene.condition("main", "StorageReady").message(),
            message -> message.contains("from 20Gi to 50Gi") && message.contains("file system"));
    assertThat(scene.reason("main", "StorageReady")).isEqualTo("Resizing");
    scene.bind("main-data", "50Gi");
    scene.awaitReason("main", "StorageReady", "Bound");
    assertThat(
            scene
                .registry("main")
                .require()
                .getStatus()
                .effective()
                .at("/storage/capacity")
                .asText())
        .isEqualTo("50Gi");
  }

  @Test
  void aClaimGrowsOnlyOnceItHasAVolume() {
    // Given
    scene.apply("main", own("20Gi", StorageScene.GROWS));
    scene.awaitReason("main", "StorageReady", "ClaimPending");

    // When
    scene.apply("main", own("50Gi", StorageScene.GROWS));
    await().atMost(SOON).until(() -> scene.isObserved("main"));

    // Then
    assertThat(scene.reason("main", "Ready")).isNotEqualTo("ApplyFailed");
    assertThat(scene.requested("main-data")).isEqualTo("20Gi");
    scene.bind("main-data", "20Gi");
    await().atMost(SOON).until(() -> scene.requested("main-data"), "50Gi"::equals);
  }

  @Test
  void aStorageClassThatDoesNotGrowIsSaidAndTheRegistryServesOn() throws Exception {
    // Given
    scene.apply("main", own("20Gi", StorageScene.FIXED));
    scene.bind("main-data", "20Gi");
    try (FakeReplica replica = new FakeReplica(client, scene.namespace(), "main")) {
      scene.awaitReason("main", "Ready", "Ready");

      // When
      scene.apply("main", own("50Gi", StorageScene.FIXED));

      // Then
      scene.awaitReason("main", "StorageReady", "ExpansionRefused");
      assertThat(scene.condition("main", "StorageReady").message())
          .contains("stays at 20Gi instead of 50Gi", "must support resize", "allowVolumeExpansion");
      assertThat(scene.reason("main", "Ready")).isEqualTo("Ready");
      assertThat(replica.policy()).isNotNull();
    }
  }

  @Test
  void aDriverThatCannotGrowAVolumeIsQuoted() {
    // Given
    scene.apply("main", own("50Gi", StorageScene.GROWS));

    // When
    scene.bind("main-data", "20Gi", "ControllerResizeError");

    // Then
    scene.awaitReason("main", "StorageReady", "ExpansionRefused");
    assertThat(scene.condition("main", "StorageReady").message()).contains("as the driver says");
  }

  @Test
  void aRetainedClaimIsTakenOverAsItIs() {
    // Given
    scene.apply("main", own("50Gi", StorageScene.GROWS));
    scene.bind("main-data", "50Gi");
    scene.awaitReason("main", "StorageReady", "Bound");
    assertThat(scene.claim("main-data").require().getMetadata().getOwnerReferences()).isEmpty();
    scene.registry("main").delete();
    await().atMost(SOON).until(() -> scene.isGone("main"));
    String version = scene.claim("main-data").require().getMetadata().getResourceVersion();

    // When
    scene.apply(
        "main",
        "{storage: {persistentVolumeClaim: {storageClassName: fixed, accessMode: ReadWriteMany}}}");

    // Then
    scene.awaitReason("main", "StorageReady", "Bound");
    assertThat(scene.condition("main", "StorageReady"))
        .satisfies(
            condition -> {
              assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
              assertThat(condition.message())
                  .contains("50Gi", "never shrinks")
                  .contains("storageClassName grows")
                  .contains("accessMode ReadWriteOnce");
            });
    assertThat(scene.reason("main", "Ready")).isNotIn("ApplyFailed", "Conflict");
    assertThat(
            scene.registry("main").require().getStatus().effective().at("/storage/size").asText())
        .isEqualTo("50Gi");
    assertThat(scene.claim("main-data").require().getMetadata().getResourceVersion())
        .isEqualTo(version);
  }

  @Test
  void aClaimOfSomebodyElseIsLeftAloneAndNoPodIsStartedOnIt() {
    // Given
    PersistentVolumeClaim foreign = scene.createClaim("main-data", claim -> claim);

    // When
    scene.apply("main", "{}");

    // Then
    scene.awaitReason("main", "StorageReady", "Conflict");
    assertThat(scene.reason("main", "Ready")).isEqualTo("Conflict");
    await().atMost(SOON).until(() -> hasService("main"));
    assertThat(scene.workload("main")).isNull();
    assertThat(operator.calls().writesTo(foreign)).isEmpty();
  }

  @Test
  void aClaimThatIsBeingDeletedKeepsItsPod() {
    // Given
    scene.apply("main", "{}");
    await().atMost(SOON).until(() -> scene.workload("main") != null);
    scene.bind("main-data", "20Gi");
    scene.protect("main-data", true);
    String version = scene.workload("main").getMetadata().getResourceVersion();

    // When
    scene.claim("main-data").delete();
    scene.awaitReason("main", "StorageReady", "ClaimEnding");
    scene.apply("main", "{image: example.com/other:1, logging: {level: DEBUG}}");
    await()
        .atMost(SOON)
        .until(
            () ->
                client
                    .configMaps()
                    .inNamespace(scene.namespace())
                    .withName("main-config")
                    .require()
                    .getData()
                    .get("registry.yaml")
                    .contains("DEBUG"));

    // Then
    assertThat(scene.workload("main").getMetadata().getResourceVersion()).isEqualTo(version);
    scene.protect("main-data", false);
    await()
        .atMost(SOON)
        .until(() -> scene.claim("main-data").get() != null && !scene.isEnding("main-data"));
  }

  @Test
  void anExistingClaimIsNeverWrittenNorDeleted() {
    // Given
    scene.apply("main", "{storage: {existingClaim: {claimName: mine}}, deletionPolicy: Delete}");
    scene.awaitReason("main", "StorageReady", "ClaimMissing");

    // When
    scene.createClaim("mine", claim -> claim);
    scene.bind("mine", "1Gi");
    String version = scene.claim("mine").require().getMetadata().getResourceVersion();
    scene.awaitReason("main", "StorageReady", "Bound");
    assertThat(scene.registry("main").require().getMetadata().getFinalizers()).isEmpty();
    assertThat(scene.claim("main-data").get()).isNull();
    scene.registry("main").delete();

    // Then
    await().atMost(SOON).until(() -> scene.isGone("main"));
    assertThat(scene.claim("mine").require().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void aClaimThatCannotBeWrittenToStartsNoPod() {
    // Given
    scene.createClaim("mine", claim -> claim.editSpec().withAccessModes("ReadOnlyMany").endSpec());

    // When
    scene.apply("main", "{storage: {existingClaim: {claimName: mine}}}");

    // Then
    scene.awaitReason("main", "StorageReady", "ClaimUnusable");
    await().atMost(SOON).until(() -> hasService("main"));
    assertThat(scene.workload("main")).isNull();
  }

  @Test
  void ofTwoRegistriesOnOneClaimOnlyTheOlderServes() {
    // Given
    scene.apply("z-first", "{}");
    await().atMost(SOON).until(() -> scene.replicas("z-first") == 1);
    scene.bind("z-first-data", "20Gi");
    if (!operator.isWhole()) {
      serving("z-first");
      await()
          .atMost(SOON)
          .until(() -> scene.registry("z-first").require().getStatus().replicas() == 1);
    }

    // When
    scene.apply("a-second", "{storage: {existingClaim: {claimName: z-first-data}}}");

    // Then
    scene.awaitReason("a-second", "StorageReady", "Conflict");
    assertThat(scene.condition("a-second", "Ready").message()).contains("Registry z-first");
    await().atMost(SOON).until(() -> scene.replicas("a-second") == 0);
    assertThat(scene.replicas("z-first")).isEqualTo(1);
    assertThat(scene.reason("z-first", "StorageReady")).isEqualTo("Bound");
    assertThat(effectiveStorage("z-first").path("claimName").asText()).isEqualTo("z-first-data");
    assertThat(effectiveStorage("a-second").has("claimName")).isFalse();
    scene.registry("z-first").delete();
    await().atMost(SOON).until(() -> scene.replicas("a-second") == 1);
  }

  @Test
  void aRegistryStartsWhenTheLastPodOnItsClaimHasEnded() {
    // Given
    scene.createClaim("mine", claim -> claim);
    Pod other = scene.createPod(scene.namespace(), "old-registry", "registry:2", "mine");

    // When
    scene.apply("main", "{storage: {existingClaim: {claimName: mine}}}");

    // Then
    scene.awaitReason("main", "StorageReady", "ClaimInUse");
    assertThat(scene.condition("main", "Ready").message()).contains("old-registry");
    await().atMost(SOON).until(() -> hasService("main"));
    assertThat(scene.workload("main")).isNull();
    scene.finish(other);
    await().atMost(SOON).until(() -> scene.replicas("main") == 1);
  }

  @Test
  void theWorkloadOfAnEarlierRegistryOfTheNameIsNoReasonNotToWaitForItsPod() {
    // Given: a Registry that is gone, whose children are not yet
    scene.createClaim("mine", claim -> claim);
    Pod last = scene.createPod(scene.namespace(), "old-registry", "registry:2", "mine");
    scene.createWorkload("main", "mine", "uid-of-another");

    // When
    scene.apply("main", "{storage: {existingClaim: {claimName: mine}}}");

    // Then
    scene.awaitReason("main", "StorageReady", "ClaimInUse");
    scene.finish(last);
    await().atMost(SOON).until(() -> scene.replicas("main") == 1);
  }

  @Test
  void aRegistryThatMovesToAClaimWaitsForThePodOnItToo() {
    // Given
    scene.createClaim("first", claim -> claim);
    scene.apply("main", "{storage: {existingClaim: {claimName: first}}}");
    await().atMost(SOON).until(() -> scene.workload("main") != null);
    scene.createClaim("mine", claim -> claim);
    Pod copier = scene.createPod(scene.namespace(), "copier", "copier:1", "mine");
    String version = scene.workload("main").getMetadata().getResourceVersion();

    // When
    scene.apply("main", "{storage: {existingClaim: {claimName: mine}}}");

    // Then
    scene.awaitReason("main", "StorageReady", "ClaimInUse");
    assertThat(scene.workload("main").getMetadata().getResourceVersion()).isEqualTo(version);
    scene.finish(copier);
    await()
        .atMost(SOON)
        .until(() -> scene.workload("main").getSpec().toString().contains("claimName=mine"));
  }

  @Test
  void aFullDiskIsSaidWithWhatToDo() throws Exception {
    // Given
    scene.apply("main", own("20Gi", StorageScene.GROWS));
    scene.bind("main-data", "20Gi");
    scene.awaitReason("main", "StorageReady", "Bound");

    // When
    try (FakeReplica replica =
        new FakeReplica(
            client,
            scene.namespace(),
            "main",
            "{\"repositories\":1,\"availableBytes\":4096,\"capacityBytes\":21474836480}")) {

      // Then
      scene.awaitReason("main", "StorageReady", "DiskFull");
      scene.awaitReason("main", "Ready", "DiskFull");
      assertThat(scene.reason("main", "Stalled")).isEqualTo("DiskFull");
      assertThat(scene.condition("main", "Ready").message())
          .contains("spec.storage.persistentVolumeClaim.size");
      scene.apply("main", own("50Gi", StorageScene.GROWS));
      await().atMost(SOON).until(() -> scene.requested("main-data"), "50Gi"::equals);
      assertThat(replica.policy()).isNotNull();
    }
  }

  @Test
  void aClaimThatAnEarlierVersionOwnedLosesItsOwner() {
    // Given
    scene.apply("main", "{}");
    await().atMost(SOON).until(() -> scene.claim("main-data").get() != null);
    String uid = scene.registry("main").require().getMetadata().getUid();
    PersistentVolumeClaim owned = scene.claim("main-data").require();
    owned.getMetadata().setManagedFields(null);
    owned.getMetadata().setResourceVersion(null);
    owned.setStatus(null);
    owned
        .getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion("berth.dev/v1alpha1")
                    .withKind("Registry")
                    .withName("main")
                    .withUid(uid)
                    .build()));

    // When
    client
        .resource(owned)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("berth")
                .withForce(true)
                .build());

    // Then
    await()
        .atMost(SOON)
        .until(
            () -> scene.claim("main-data").require().getMetadata().getOwnerReferences().isEmpty());
  }

  @Test
  void aClaimOfManyNodesIsOpenedByOnePodAtATimeToo() {
    // When
    scene.apply("main", "{storage: {persistentVolumeClaim: {accessMode: ReadWriteMany}}}");

    // Then
    await().atMost(SOON).until(() -> scene.workload("main") != null);
    assertThat(scene.workload("main").getSpec().getStrategy().getType()).isEqualTo("Recreate");
    assertThat(scene.claim("main-data").require().getSpec().getResources().getRequests())
        .isEqualTo(Map.of("storage", new Quantity("20Gi")));
  }

  private static String own(String size, String storageClass) {
    return "{storage: {persistentVolumeClaim: {size: %s, storageClassName: %s}}}"
        .formatted(size, storageClass);
  }

  private boolean hasService(String name) {
    return client.services().inNamespace(scene.namespace()).withName(name).get() != null;
  }

  /** As the deployment controller does. */
  private JsonNode effectiveStorage(String name) {
    return scene.registry(name).require().getStatus().effective().path("storage");
  }

  private void serving(String name) {
    client
        .apps()
        .deployments()
        .inNamespace(scene.namespace())
        .withName(name)
        .editStatus(
            deployment -> {
              deployment.setStatus(new DeploymentStatusBuilder().withReplicas(1).build());
              return deployment;
            });
  }
}
