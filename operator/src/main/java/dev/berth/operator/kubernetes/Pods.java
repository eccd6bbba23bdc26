package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the pods of a registry tell. */
public final class Pods {

  /** Waiting reasons that do not pass by themselves. */
  private static final Set<String> FAILING =
      Set.of(
          "CrashLoopBackOff",
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  private Pods() {}

  /** Whether its containers run, or may still. */
  public static boolean isActive(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return !"Succeeded".equals(phase) && !"Failed".equals(phase);
  }

  /** Those that serve, and so are reachable at an address. */
  public static List<Pod> ready(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
        .filter(Pods::isReady)
        .toList();
  }

  /** Whether its readiness probe says so. */
  public static boolean isReady(Pod pod) {
    return condition(pod, "Ready").filter(ready -> ready.getStatus().equals("True")).isPresent();
  }

  /** What its status says of a type of condition; empty: nothing. */
  public static Optional<PodCondition> condition(Pod pod, String type) {
    return Optional.ofNullable(pod.getStatus())
        .map(PodStatus::getConditions)
        .flatMap(
            conditions ->
                conditions.stream()
                    .filter(condition -> condition.getType().equals(type))
                    .findFirst());
  }

  /** Whether it has been as it is for at least the time; no if nothing says since when. */
  public static boolean hasLasted(PodCondition condition, Duration time, Instant now) {
    String since = condition.getLastTransitionTime();
    return since != null && !Instant.parse(since).plus(time).isAfter(now);
  }

  /** Those that have not ended for good. */
  public static List<Pod> running(List<Pod> pods) {
    return pods.stream().filter(Pods::isActive).toList();
  }

  /** What keeps the first failing container from running, as the kubelet says it. */
  public static Optional<String> failure(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(
            pod ->
                pod.getStatus().getContainerStatuses().stream()
                    .filter(status -> status.getState() != null)
                    .filter(status -> status.getState().getWaiting() != null)
                    .filter(status -> isFailing(status.getState().getWaiting()))
                    .map(
                        status ->
                            "Pod %s: %s"
                                .formatted(
                                    pod.getMetadata().getName(),
                                    words(status.getState().getWaiting()))))
        .findFirst();
  }

  private static boolean isFailing(ContainerStateWaiting waiting) {
    return waiting.getReason() != null && FAILING.contains(waiting.getReason());
  }

  /** The reason, and more where the kubelet says more. */
  public static String words(ContainerStateWaiting waiting) {
    return waiting.getMessage() == null
        ? waiting.getReason()
        : waiting.getReason() + ": " + waiting.getMessage();
  }
}
