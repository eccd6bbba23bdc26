package dev.berth.operator.nodeaccess;

import dev.berth.operator.kubernetes.Pods;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a trial pull went.
 *
 * @param pulled null: the node did not come to it
 * @param message in the kubelet's words, why it did not; null: it went well
 */
record CanaryOutcome(@Nullable Boolean pulled, @Nullable String message) {
  /** What neither went well nor failed until then is not waited for any longer. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** The kubelet tries again a few times: a registry that restarts is no node that cannot pull. */
  static final Duration TRIES = Duration.ofMinutes(1);

  /** Waiting reasons of a container whose image is not there. */
  private static final Set<String> NOT_PULLED =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "RegistryUnavailable",
          "SignatureValidationFailed",
          "ImageInspectError",
          "InvalidImageName");

  /** Waiting reasons that come before, of a pod that has a node. */
  private static final Set<String> BEFORE = Set.of("ContainerCreating", "PodInitializing");

  /**
   * Reads it; empty: it still goes on.
   *
   * @param words what the kubelet said of a pull that failed; null: none did yet
   * @param age since it was begun
   */
  static Optional<CanaryOutcome> of(Job job, List<Pod> pods, @Nullable String words, Duration age) {
    boolean over = age.compareTo(LONGEST) >= 0 || isFailed(job);
    Optional<ContainerStatus> container = container(pods);
    if (container.filter(CanaryOutcome::isThere).isPresent()) {
      return Optional.of(new CanaryOutcome(true, null));
    }
    if (words != null) {
      return over || age.compareTo(TRIES) >= 0
          ? Optional.of(new CanaryOutcome(false, AgentState.printable(words)))
          : Optional.empty();
    }
    return over
        ? Optional.of(new CanaryOutcome(null, AgentState.printable(notStarted(pods))))
        : Optional.empty();
  }

  /** What the kubelet says of a failed pull; later it may say less. */
  static Optional<String> refusal(List<Pod> pods) {
    return container(pods)
        .map(CanaryOutcome::waiting)
        .filter(waiting -> NOT_PULLED.contains("" + waiting.getReason()))
        .map(Pods::words);
  }

  private static boolean isThere(ContainerStatus container) {
    ContainerState state = container.getState();
    ContainerStateWaiting waiting = waiting(container);
    if (waiting != null) {
      String reason = "" + waiting.getReason();
      return !NOT_PULLED.contains(reason) && !BEFORE.contains(reason);
    }
    return state != null && (state.getRunning() != null || state.getTerminated() != null);
  }

  private static Optional<ContainerStatus> container(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .findFirst();
  }

  private static @Nullable ContainerStateWaiting waiting(ContainerStatus container) {
    return container.getState() == null ? null : container.getState().getWaiting();
  }

  private static boolean isFailed(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Failed") && condition.getStatus().equals("True"));
  }

  private static String notStarted(List<Pod> pods) {
    if (pods.isEmpty()) {
      return "No Pod was started: look at the events of the namespace";
    }
    return pods.stream()
        .map(Pod::getStatus)
        .filter(Objects::nonNull)
        .flatMap(
            status ->
                Stream.concat(
                    Stream.ofNullable(status.getMessage()),
                    status.getConditions().stream()
                        .filter(condition -> condition.getType().equals("PodScheduled"))
                        .map(PodCondition::getMessage)
                        .filter(Objects::nonNull)))
        .findFirst()
        .map("The Pod did not start: "::concat)
        .orElse(
            "The Pod did not start in %d minutes: look at the events of the namespace"
                .formatted(LONGEST.toMinutes()));
  }
}
