package dev.berth.operator.server;

import io.fabric8.kubernetes.api.model.Pod;

/** One run of a pod's containers: what it was told goes with it. */
record PodRun(String pod, int restarts) {

  static PodRun of(Pod pod) {
    int restarts =
        pod.getStatus().getContainerStatuses().stream()
            .mapToInt(status -> status.getRestartCount() == null ? 0 : status.getRestartCount())
            .sum();
    return new PodRun(pod.getMetadata().getUid(), restarts);
  }
}
