package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.NodeHarness.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("ports of a node")
class PodVolumesIT {

  @TempDir private Path state;
  private NodeHarness node;

  @BeforeEach
  void start() {
    node = new NodeHarness(state);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void showsTheProcessASecretAndEveryChangeOfIt() {
    node.client().resource(secret("first")).create();
    node.apply(node.deployment("web", 1, PodVolumesIT::withSecret));
    Pod pod = node.awaitOnePod();
    assertThat(node.get(pod, "/read?keys/key")).isEqualTo("first");

    node.client().resource(secret("second")).update();

    node.eventually(() -> node.get(pod, "/read?keys/key").equals("second"));
  }

  @Test
  void rewritesMountPathsInArgumentsAndEnvironmentOnly() {
    node.client().resource(secret("value")).create();
    node.apply(
        node.deployment(
            "web",
            1,
            pod -> {
              withSecret(pod);
              pod.editFirstContainer()
                  .withArgs("--file=/berth/keys/key", "/berth/keysmith", "keys/key", "$(PLACE)")
                  .addNewEnv()
                  .withName("PLACE")
                  .withValue("/berth/keys")
                  .endEnv()
                  .endContainer();
            }));

    Pod pod = node.awaitOnePod();

    String mount = root(pod) + "/berth/keys";
    assertThat(node.get(pod, "/args").lines())
        .containsExactly("--file=" + mount + "/key", "/berth/keysmith", "keys/key", mount);
    assertThat(node.get(pod, "/env?PLACE")).isEqualTo(mount);
    assertThat(node.get(pod, "/read?keys/key")).isEqualTo("value");
  }

  @Test
  void waitsForAMissingSecretAndSaysSo() {
    node.apply(node.deployment("web", 1, PodVolumesIT::withSecret));
    node.eventually(() -> node.hasEvent("FailedMount", "secret \"keys\" not found"));
    node.eventually(
        () -> node.pods().stream().allMatch(pod -> "Pending".equals(pod.getStatus().getPhase())));

    node.client().resource(secret("late")).create();

    Pod pod = node.awaitOnePod();
    assertThat(node.get(pod, "/read?keys/key")).isEqualTo("late");
    assertThat(node.events().stream().filter(e -> "FailedMount".equals(e.getReason()))).hasSize(1);
  }

  @Test
  void keepsAClaimsFilesOverARestartOfTheNodeAndRemovesThemWithTheClaim() {
    PersistentVolumeClaim claim = node.client().resource(claim("1Gi")).create();
    node.apply(
        node.deployment(
            "web",
            1,
            pod ->
                pod.addNewVolume()
                    .withName("data")
                    .withNewPersistentVolumeClaim("data", false)
                    .endVolume()
                    .editFirstContainer()
                    .withWorkingDir("/berth")
                    .addNewVolumeMount()
                    .withName("data")
                    .withMountPath("/berth/data")
                    .endVolumeMount()
                    .endContainer()));
    node.get(node.awaitOnePod(), "/append?data/file");

    node.restartNode();

    Pod pod = node.awaitOnePod();
    node.get(pod, "/append?data/file");
    assertThat(node.get(pod, "/read?data/file")).isEqualTo("xx");
    Path folder = node.options().claimDirectory(NAMESPACE, claim.getMetadata().getUid());
    assertThat(folder.resolve("file")).exists();
    node.client().apps().deployments().inNamespace(NAMESPACE).withName("web").delete();
    node.client().resource(claim).delete();
    node.eventually(() -> !Files.exists(folder));
  }

  @Test
  void bindsAClaimAndFollowsItsSize() {
    node.client().resource(claim("1Gi")).create();
    node.eventually(() -> "Bound".equals(boundClaim().getStatus().getPhase()));

    node.client()
        .persistentVolumeClaims()
        .inNamespace(NAMESPACE)
        .withName("data")
        .edit(
            c ->
                new PersistentVolumeClaimBuilder(c)
                    .editSpec()
                    .editResources()
                    .addToRequests("storage", new Quantity("2Gi"))
                    .endResources()
                    .endSpec()
                    .build());

    node.eventually(
        () -> new Quantity("2Gi").equals(boundClaim().getStatus().getCapacity().get("storage")));
  }

  @Test
  void refusesItemsThatLeaveTheirVolume() throws IOException {
    node.client().resource(secret("secret")).create();
    node.apply(
        node.deployment(
            "web",
            1,
            pod -> {
              withSecret(pod);
              pod.editFirstVolume()
                  .editSecret()
                  .addNewItem("key", null, "../../../../escaped")
                  .endSecret()
                  .endVolume();
            }));

    node.eventually(() -> node.hasEvent("FailedMount", "must not begin with"));

    assertNothingEscaped();
  }

  @Test
  void refusesMountPathsThatLeaveTheContainer() throws IOException {
    node.client().resource(secret("secret")).create();
    node.apply(
        node.deployment(
            "web",
            1,
            pod -> {
              withSecret(pod);
              pod.editFirstContainer()
                  .editFirstVolumeMount()
                  .withMountPath("/berth/../../../../../../escaped")
                  .endVolumeMount()
                  .endContainer();
            }));

    node.eventually(() -> node.hasEvent("Failed", "CreateContainerError"));

    assertNothingEscaped();
  }

  private void assertNothingEscaped() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      assertThat(files.filter(f -> f.getFileName().toString().equals("escaped"))).isEmpty();
    }
  }

  private PersistentVolumeClaim boundClaim() {
    return node.client().persistentVolumeClaims().inNamespace(NAMESPACE).withName("data").get();
  }

  private String root(Pod pod) {
    return node.options().podDirectory(pod.getMetadata().getUid()) + "/containers/main/rootfs";
  }

  private static void withSecret(PodSpecBuilder pod) {
    pod.addNewVolume()
        .withName("keys")
        .withNewSecret()
        .withSecretName("keys")
        .endSecret()
        .endVolume()
        .editFirstContainer()
        .withWorkingDir("/berth")
        .addNewVolumeMount()
        .withName("keys")
        .withMountPath("/berth/keys")
        .endVolumeMount()
        .endContainer();
  }

  private static Secret secret(String value) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("keys")
        .endMetadata()
        .addToData(
            "key", Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  private static PersistentVolumeClaim claim(String size) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("data")
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity(size))
        .endResources()
        .endSpec()
        .build();
  }
}
