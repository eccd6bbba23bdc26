package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.NodeHarness.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("ports of a node")
class LocalNodeIT {

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
  void runsADeploymentAsAProcessAndReportsItAvailable() {
    Deployment deployment = node.apply(node.deployment("web", 2, pod -> {}));

    node.eventually(() -> node.readyPods().size() == 2);

    assertThat(node.readyPods().stream().map(pod -> node.get(pod, "/address")))
        .doesNotHaveDuplicates()
        .allMatch(ip -> ip.startsWith("127.78."));
    node.eventually(
        () -> {
          Deployment now = node.client().resource(deployment).get();
          return now.getStatus() != null
              && Integer.valueOf(2).equals(now.getStatus().getAvailableReplicas())
              && now.getMetadata().getGeneration().equals(now.getStatus().getObservedGeneration())
              && now.getStatus().getConditions().stream()
                  .anyMatch(c -> "Available".equals(c.getType()) && "True".equals(c.getStatus()));
        });
    assertThat(node.client().nodes().withName("local").get().getStatus().getConditions())
        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  @Test
  void replacesADeletedPodAndEndsItsProcess() {
    node.apply(node.deployment("web", 1, pod -> {}));
    Pod first = node.awaitOnePod();
    long pid = node.pidOf(first);

    node.client().resource(first).delete();

    Pod second = node.awaitOtherThan(first);
    assertThat(node.pidOf(second)).isNotEqualTo(pid);
    node.eventually(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void restartsAProcessThatEndedInTheSamePod() {
    node.apply(node.deployment("web", 1, pod -> {}));
    Pod pod = node.awaitOnePod();
    long pid = node.pidOf(pod);

    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();

    node.eventually(
        () ->
            node.readyPods().stream()
                .anyMatch(
                    p ->
                        p.getMetadata().getUid().equals(pod.getMetadata().getUid())
                            && p.getStatus().getContainerStatuses().getFirst().getRestartCount()
                                == 1));
    assertThat(node.pidOf(pod)).isNotEqualTo(pid);
  }

  @Test
  void backsOffFromAContainerThatKeepsFailing() {
    node.apply(
        node.deployment("web", 1, pod -> pod.editFirstContainer().withArgs("exit").endContainer()));

    node.eventually(
        () ->
            node.pods().stream()
                .flatMap(p -> p.getStatus().getContainerStatuses().stream())
                .anyMatch(
                    c ->
                        c.getState().getWaiting() != null
                            && "CrashLoopBackOff".equals(c.getState().getWaiting().getReason())
                            && c.getLastState().getTerminated().getExitCode() == 3));
    assertThat(node.hasEvent("BackOff", "restarting failed container")).isTrue();
  }

  @Test
  void restartsAContainerWhoseLivenessProbeFails() {
    node.apply(
        node.deployment(
            "web",
            1,
            pod ->
                pod.editFirstContainer()
                    .withNewStartupProbe()
                    .withPeriodSeconds(1)
                    .withFailureThreshold(30)
                    .withNewTcpSocket()
                    .withNewPort("http")
                    .endTcpSocket()
                    .endStartupProbe()
                    .withNewLivenessProbe()
                    .withPeriodSeconds(1)
                    .withFailureThreshold(1)
                    .withNewHttpGet()
                    .withPath("/live")
                    .withNewPort(8080)
                    .endHttpGet()
                    .endLivenessProbe()
                    .endContainer()));
    Pod pod = node.awaitOnePod();
    long pid = node.pidOf(pod);

    node.get(pod, "/set?dead");

    node.eventually(() -> ProcessHandle.of(pid).isEmpty());
    node.eventually(() -> node.hasEvent("Unhealthy", "Liveness probe failed"));
    node.eventually(() -> node.readyPods().size() == 1);
    assertThat(node.pidOf(pod)).isNotEqualTo(pid);
  }

  @Test
  void rollsOutANewTemplateWithoutAGap() {
    Deployment deployment = node.apply(node.deployment("web", 1, pod -> {}));
    Pod first = node.awaitOnePod();

    node.change(
        deployment,
        d ->
            new DeploymentBuilder(d)
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withArgs("second")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());

    // A quarter of one replica, rounded, is one more and none less: the first pod stays until then.
    node.eventually(
        () -> {
          List<Pod> ready = node.readyPods();
          assertThat(ready).isNotEmpty();
          return ready.stream().anyMatch(p -> node.get(p, "/args").equals("second"));
        });
    assertThat(node.awaitOtherThan(first).getSpec().getContainers().getFirst().getArgs())
        .containsExactly("second");
  }

  @Test
  void recreatesWithoutTwoProcessesAtATime() {
    Deployment template = node.deployment("web", 1, pod -> {});
    Deployment deployment =
        node.apply(
            new DeploymentBuilder(template)
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build());
    Pod first = node.awaitOnePod();

    node.change(
        deployment,
        d ->
            new DeploymentBuilder(d)
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withArgs("second")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());

    node.eventually(
        () -> {
          assertThat(node.pods()).hasSizeLessThan(2);
          return node.readyPods().stream()
              .anyMatch(p -> !p.getMetadata().getUid().equals(first.getMetadata().getUid()));
        });
  }

  @Test
  void saysWhichImagesItRuns() {
    node.apply(
        node.deployment(
            "web", 1, pod -> pod.editFirstContainer().withImage("nginx:1").endContainer()));

    node.eventually(
        () ->
            node.pods().stream()
                .flatMap(p -> p.getStatus().getContainerStatuses().stream())
                .map(c -> c.getState().getWaiting())
                .anyMatch(
                    w ->
                        w != null
                            && "ErrImagePull".equals(w.getReason())
                            && w.getMessage().contains("[program]")));
    assertThat(node.events().stream().filter(e -> "Failed".equals(e.getReason()))).hasSize(1);
  }

  @Test
  void deletesWhatAGoneOwnerLeft() {
    Deployment deployment = node.apply(node.deployment("web", 1, pod -> {}));
    Pod pod = node.awaitOnePod();
    long pid = node.pidOf(pod);

    node.client().resource(deployment).delete();

    node.eventually(() -> node.pods().isEmpty());
    node.eventually(() -> ProcessHandle.of(pid).isEmpty());
    assertThat(node.client().apps().replicaSets().inNamespace(NAMESPACE).list().getItems())
        .isEmpty();
  }

  @Test
  void emptiesADeletedNamespace() {
    node.apply(node.deployment("web", 1, pod -> {}));
    node.awaitOnePod();
    node.eventually(
        () ->
            node.client().serviceAccounts().inNamespace(NAMESPACE).withName("default").get()
                != null);

    node.client().namespaces().withName(NAMESPACE).delete();

    node.eventually(() -> node.pods().isEmpty());
    node.eventually(
        () -> node.client().serviceAccounts().inNamespace(NAMESPACE).list().getItems().isEmpty());
  }

  @Test
  void adoptsRunningDeploymentsAfterARestartOfTheNode() {
    node.apply(node.deployment("web", 1, pod -> {}));
    Pod before = node.awaitOnePod();
    long pid = node.pidOf(before);

    node.restartNode();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    Pod after = node.awaitOnePod();
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
    assertThat(node.pidOf(after)).isNotEqualTo(pid);
  }
}
