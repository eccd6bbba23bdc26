package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIPBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/** The status of a pod, from its containers. */
final class PodStatusFactory {

  private final Clock clock;

  PodStatusFactory(Clock clock) {
    this.clock = clock;
  }

  PodStatus status(
      Pod pod, String podIp, List<ContainerRunner> init, List<ContainerRunner> containers) {
    PodStatus before = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    boolean initialized = init.stream().allMatch(ContainerRunner::hasSucceeded);
    boolean ready = initialized && containers.stream().allMatch(ContainerRunner::isReady);
    List<String> unready =
        containers.stream().filter(c -> !c.isReady()).map(c -> c.status().getName()).toList();
    String message = ready ? "" : "containers with unready status: " + unready;
    return new PodStatusBuilder(before)
        .withPhase(phase(init, containers))
        .withHostIP("127.0.0.1")
        .withPodIP(podIp)
        .withPodIPs(new PodIPBuilder().withIp(podIp).build())
        .withStartTime(Objects.requireNonNullElse(before.getStartTime(), Pods.now(clock)))
        .withInitContainerStatuses(init.stream().map(ContainerRunner::status).toList())
        .withContainerStatuses(containers.stream().map(ContainerRunner::status).toList())
        .withConditions(
            condition(before, "PodScheduled", true, "", ""),
            condition(
                before,
                "Initialized",
                initialized,
                initialized ? "" : "ContainersNotInitialized",
                ""),
            condition(before, "ContainersReady", ready, ready ? "" : "ContainersNotReady", message),
            condition(before, "Ready", ready, ready ? "" : "ContainersNotReady", message))
        .build();
  }

  private static String phase(List<ContainerRunner> init, List<ContainerRunner> containers) {
    if (init.stream().anyMatch(c -> c.isDone() && !c.hasSucceeded())) {
      return "Failed";
    }
    if (containers.stream().allMatch(ContainerRunner::isDone)) {
      return containers.stream().allMatch(ContainerRunner::hasSucceeded) ? "Succeeded" : "Failed";
    }
    return containers.stream().allMatch(ContainerRunner::hasStarted) ? "Running" : "Pending";
  }

  private PodCondition condition(
      PodStatus before, String type, boolean value, String reason, String message) {
    String status = value ? "True" : "False";
    String since =
        before.getConditions().stream()
            .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
            .map(PodCondition::getLastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseGet(() -> Pods.now(clock));
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason.isEmpty() ? null : reason)
        .withMessage(message.isEmpty() ? null : message)
        .withLastTransitionTime(since)
        .build();
  }
}
