package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.registry.canary.SmallestProgram;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;

/** Pods that run the smallest program there is, as soon as their node has pulled it. */
@NullUnmarked // a null is a failed test
record TrialPods(KubernetesClient client, Duration soon) {

  /** Pushes the program under each of the names. */
  static void push(ContainerTool buildah, Path folder, String... images) throws Exception {
    Path program = folder.resolve("program");
    Files.write(program, SmallestProgram.ofThisMachine().bytes());
    assertThat(program.toFile().setExecutable(true)).isTrue();
    String container = buildah.succeed("from", "scratch");
    buildah.succeed("copy", container, program.toString(), "/program");
    buildah.succeed("config", "--entrypoint", "[\"/program\"]", container);
    for (String image : images) {
      buildah.succeed("commit", container, image);
      buildah.succeed("push", image);
    }
  }

  void create(String namespace, String name, String image, String... pullSecrets) {
    await()
        .atMost(soon)
        .until(
            () ->
                client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withImagePullSecrets(
                    List.of(pullSecrets).stream().map(LocalObjectReference::new).toList())
                .addNewContainer()
                .withName("app")
                .withImage(image)
                .withImagePullPolicy("Always")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  void awaitEnd(String namespace, String name) {
    await()
        .atMost(soon)
        .untilAsserted(
            () ->
                assertThat(find(namespace, name).getStatus().getPhase())
                    .as(waiting(namespace, name).toString())
                    .isEqualTo("Succeeded"));
  }

  /** The kubelet tried, and says that the registry would not have it. */
  void awaitRefused(String namespace, String name) {
    await()
        .atMost(soon)
        .untilAsserted(
            () ->
                assertThat(waiting(namespace, name))
                    .singleElement()
                    .asString()
                    .containsPattern("401 Unauthorized|authorization failed|403 Forbidden"));
  }

  void delete(String namespace, String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  private List<String> waiting(String namespace, String name) {
    return find(namespace, name).getStatus().getContainerStatuses().stream()
        .map(ContainerStatus::getState)
        .map(state -> state.getWaiting())
        .filter(Objects::nonNull)
        .map(ContainerStateWaiting::getMessage)
        .toList();
  }

  private Pod find(String namespace, String name) {
    return client.pods().inNamespace(namespace).withName(name).require();
  }
}
