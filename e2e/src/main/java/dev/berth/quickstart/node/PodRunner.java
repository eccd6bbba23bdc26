package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one pod on a thread of its own, from its first volume to the end of its last process. */
final class PodRunner {

  private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

  private enum Ending {
    NONE,
    /** The API wants the pod gone and waits for this node to say that it is. */
    DELETED,
    /** The object is gone already. */
    GONE,
    /** The node ends; the pod does not. */
    NODE_CLOSES
  }

  private final NodeContext node;
  private final PodVolumes volumes;
  private final PodStatusFactory statuses;
  private final Predicate<Pod> claimsFree;
  private final String podIp;
  private final List<ContainerRunner> init;
  private final List<ContainerRunner> containers;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private volatile Pod pod;
  private volatile Ending ending = Ending.NONE;
  private volatile boolean refresh = true;
  private @Nullable Map<String, Path> mounted;
  private @Nullable Instant deadline;
  private @Nullable PodStatus published;
  private String mountProblem = "";

  PodRunner(NodeContext node, Pod pod, Predicate<Pod> claimsFree) {
    this.node = node;
    this.pod = pod;
    this.claimsFree = claimsFree;
    this.volumes = new PodVolumes(node.client(), node.options());
    this.statuses = new PodStatusFactory(node.clock());
    String wanted = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
    this.podIp =
        node.podAddresses()
            .take(pod.getMetadata().getUid(), Objects.requireNonNullElse(wanted, ""));
    String policy = Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
    PodStatus before = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    String initPolicy = policy.equals("Never") ? "Never" : "OnFailure";
    this.init =
        runners(pod.getSpec().getInitContainers(), initPolicy, before.getInitContainerStatuses());
    this.containers = runners(pod.getSpec().getContainers(), policy, before.getContainerStatuses());
    this.thread =
        Thread.ofVirtual().name("pod " + pod.getMetadata().getName()).unstarted(this::run);
  }

  private List<ContainerRunner> runners(
      List<Container> specs, String policy, List<ContainerStatus> before) {
    return specs.stream()
        .map(
            spec ->
                new ContainerRunner(
                    node,
                    spec,
                    policy,
                    before.stream()
                        .filter(s -> spec.getName().equals(s.getName()))
                        .findFirst()
                        .orElse(null),
                    this::signal))
        .toList();
  }

  void start() {
    // What the API says of a life before this one must not be taken for now.
    publish();
    thread.start();
  }

  void update(Pod now) {
    pod = now;
    if (Pods.isDeleted(now) && ending == Ending.NONE) {
      ending = Ending.DELETED;
    }
    signal();
  }

  /** An object that a volume may be made from has changed. */
  void refreshVolumes() {
    refresh = true;
    signal();
  }

  void gone() {
    ending = Ending.GONE;
    signal();
  }

  void close() {
    if (ending == Ending.NONE) {
      ending = Ending.NODE_CLOSES;
    }
    signal();
  }

  void awaitEnd(Duration atMost) {
    Interruptions.join(thread, atMost);
  }

  Pod pod() {
    return pod;
  }

  boolean isEnding() {
    return ending != Ending.NONE && thread.isAlive();
  }

  private void signal() {
    signal.release();
  }

  private void run() {
    try {
      while (true) {
        Duration wait = safeStep();
        publish();
        if (ending != Ending.NONE && !anyRunning()) {
          finish();
          return;
        }
        if (wait.isPositive()) {
          var _ = signal.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
          signal.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration safeStep() {
    try {
      return ending == Ending.NONE ? keep() : end();
    } catch (RuntimeException e) {
      LOG.warn("pod {} is looked at again in {}", ObjectKey.of(pod), RETRY, e);
      return RETRY;
    }
  }

  private Duration keep() {
    if (!mount() || mounted == null) {
      return RETRY;
    }
    Map<String, Path> folders = mounted;
    for (ContainerRunner container : init) {
      if (!container.hasSucceeded()) {
        containers.forEach(c -> c.hold("PodInitializing", ""));
        return container.keep(pod, folders, podIp);
      }
    }
    return containers.stream()
        .map(container -> container.keep(pod, folders, podIp))
        .min(Duration::compareTo)
        .orElse(RETRY);
  }

  /** Whether every volume is there. A volume that cannot be brought up to date stays as it was. */
  private boolean mount() {
    if (mounted != null && !refresh) {
      return true;
    }
    refresh = false;
    try {
      if (mounted == null && !claimsFree.test(pod)) {
        throw new NotYetException("a pod that ends still uses the same persistentvolumeclaim");
      }
      mounted = volumes.mount(pod);
      mountProblem = "";
    } catch (NotYetException | InvalidSpecException | UncheckedIOException e) {
      String problem = Objects.requireNonNullElse(e.getMessage(), "");
      if (!problem.equals(mountProblem)) {
        mountProblem = problem;
        node.events().warning(pod, "FailedMount", problem);
      }
      refresh = mounted == null;
    }
    if (mounted == null) {
      containers.forEach(c -> c.hold("ContainerCreating", mountProblem));
    }
    return mounted != null;
  }

  private Duration end() {
    Instant now = node.clock().instant();
    Duration grace = ContainerRunner.gracePeriod(pod);
    if (ending == Ending.NODE_CLOSES && grace.compareTo(CLOSE_GRACE) > 0) {
      grace = CLOSE_GRACE;
    }
    Instant until = now.plus(grace);
    // A later deletion may shorten what an earlier one granted, never lengthen it.
    deadline = deadline == null || until.isBefore(deadline) ? until : deadline;
    Instant limit = deadline;
    return all().stream()
        .map(c -> c.end(pod, limit))
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private List<ContainerRunner> all() {
    return Stream.concat(init.stream(), containers.stream()).toList();
  }

  private boolean anyRunning() {
    return all().stream().anyMatch(ContainerRunner::isRunning);
  }

  private void finish() {
    if (ending != Ending.DELETED) {
      return;
    }
    try {
      Pod current = current();
      if (current != null) {
        node.client().resource(current).withGracePeriod(0).delete();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("pod {} cannot be removed", ObjectKey.of(pod), e);
    }
  }

  private void publish() {
    if (ending == Ending.GONE) {
      return;
    }
    try {
      PodStatus status = statuses.status(pod, podIp, init, containers);
      if (status.equals(published) && status.equals(pod.getStatus())) {
        return;
      }
      Pod current = current();
      if (current == null) {
        gone();
        return;
      }
      status = statuses.status(current, podIp, init, containers);
      if (!status.equals(current.getStatus())) {
        pod =
            node.client()
                .resource(new PodBuilder(current).withStatus(status).build())
                .updateStatus();
      }
      published = status;
    } catch (KubernetesClientException e) {
      // Someone else wrote first, or the API is away: the next round has newer facts anyway.
      LOG.debug("status of pod {} not written", ObjectKey.of(pod), e);
      signal();
    }
  }

  private @Nullable Pod current() {
    Pod found =
        node.client()
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .get();
    return found != null && Objects.equals(found.getMetadata().getUid(), pod.getMetadata().getUid())
        ? found
        : null;
  }
}
