package dev.berth.operator.nodeaccess;

import dev.berth.operator.kubernetes.Pods;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the pods of agents tell where their agents do not. */
final class AgentPods {
  /** What starts, or is replaced, says something within it. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private AgentPods() {}

  /**
   * The node that it is on, or waits for: the cluster names it before the pod has a place there.
   */
  static Optional<String> node(Pod pod) {
    String placed = pod.getSpec().getNodeName();
    return placed != null ? Optional.of(placed) : named(pod.getSpec().getAffinity());
  }

  private static Optional<String> named(@Nullable Affinity affinity) {
    return affinity == null
            || affinity.getNodeAffinity() == null
            || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution()
                == null
        ? Optional.empty()
        : affinity
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms()
            .stream()
            .map(NodeSelectorTerm::getMatchFields)
            .flatMap(List::stream)
            .filter(field -> "metadata.name".equals(field.getKey()))
            .map(NodeSelectorRequirement::getValues)
            .flatMap(List::stream)
            .findFirst();
  }

  /** What keeps the agent of an unready pod from saying anything; empty while it merely starts. */
  static Optional<String> trouble(Pod pod, Instant now) {
    return pod.getStatus() == null
        ? Optional.empty()
        : Stream.of(waiting(pod), unscheduled(pod), silent(pod, now))
            .flatMap(Optional::stream)
            .findFirst();
  }

  /** In the kubelet's words. */
  private static Optional<String> waiting(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getState() != null)
        .map(status -> status.getState().getWaiting())
        .filter(Objects::nonNull)
        .filter(waiting -> waiting.getReason() != null)
        .filter(waiting -> !waiting.getReason().equals("ContainerCreating"))
        .map(Pods::words)
        .findFirst();
  }

  /** In the scheduler's words. */
  private static Optional<String> unscheduled(Pod pod) {
    return isFalse(pod, "PodScheduled")
        .map(condition -> "The node has no place for it: " + condition.getMessage());
  }

  private static Optional<String> silent(Pod pod, Instant now) {
    return isFalse(pod, "Ready")
        .filter(condition -> Pods.hasLasted(condition, PATIENCE, now))
        .map(condition -> "It does not answer: see whether the node is Ready");
  }

  private static Optional<PodCondition> isFalse(Pod pod, String type) {
    return Pods.condition(pod, type).filter(condition -> condition.getStatus().equals("False"));
  }
}
