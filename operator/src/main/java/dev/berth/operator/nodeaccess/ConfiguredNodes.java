package dev.berth.operator.nodeaccess;

import dev.berth.operator.kubernetes.Pods;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes on which the registry's agents are.
 *
 * @param plan what they are told, by its revision
 * @param all by name
 * @param ready those that are as the plan says
 * @param isSettled whether the others are not about to become so
 */
record ConfiguredNodes(String plan, Set<String> all, Set<String> ready, boolean isSettled) {

  /** How long those that are ready wait for the others. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Reads them off the agents. */
  static ConfiguredNodes of(DaemonSet agents, List<Pod> pods, Instant now) {
    String plan = revision(agents.getSpec().getTemplate().getMetadata());
    List<Pod> current =
        pods.stream()
            .filter(pod -> Pods.isReady(pod) && plan.equals(revision(pod.getMetadata())))
            .toList();
    boolean complete =
        NodesReport.isObserved(agents)
            && NodesReport.configured(agents) >= agents.getStatus().getDesiredNumberScheduled();
    return new ConfiguredNodes(
        plan,
        names(pods),
        names(current),
        !current.isEmpty() && (complete || current.stream().anyMatch(pod -> hasWaited(pod, now))));
  }

  private static Set<String> names(List<Pod> pods) {
    return pods.stream().flatMap(pod -> AgentPods.node(pod).stream()).collect(Collectors.toSet());
  }

  private static String revision(ObjectMeta metadata) {
    Map<String, String> annotations = metadata.getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(NodeAgentChild.REVISION, "");
  }

  private static boolean hasWaited(Pod pod, Instant now) {
    return Pods.condition(pod, "Ready")
        .filter(ready -> Pods.hasLasted(ready, PATIENCE, now))
        .isPresent();
  }
}
