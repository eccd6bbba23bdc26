package dev.berth.quickstart.node;

import dev.berth.quickstart.node.ContainerPhase.Running;
import dev.berth.quickstart.node.ContainerPhase.Terminated;
import dev.berth.quickstart.node.ContainerPhase.Waiting;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one container as its pod's restart policy wants it. Only its pod's thread calls it; each
 * call says after how long it wants to be called again.
 */
final class ContainerRunner {

  private static final Duration NOTHING_DUE = Duration.ofHours(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration RUNS_WELL = Duration.ofMinutes(10);
  private static final int SIGNALLED = 128;

  private final NodeContext node;
  private final ContainerLauncher launcher;
  private final Container container;
  private final String restartPolicy;
  private final Runnable changed;
  private ContainerPhase phase = new Waiting("ContainerCreating", "", Instant.EPOCH);
  private @Nullable Terminated last;
  private @Nullable Instant killAt;
  private boolean everStarted;
  private int restarts;
  private int crashesInARow;

  /**
   * Takes over a container.
   *
   * @param before its status of an earlier life of this node, if any
   */
  ContainerRunner(
      NodeContext node,
      Container container,
      String restartPolicy,
      @Nullable ContainerStatus before,
      Runnable changed) {
    this.node = node;
    this.launcher = new ContainerLauncher(node);
    this.container = container;
    this.restartPolicy = restartPolicy;
    this.changed = changed;
    if (before != null) {
      restarts = Pods.orDefault(before.getRestartCount(), 0);
      boolean ran =
          before.getState() != null
              && (before.getState().getRunning() != null
                  || before.getState().getTerminated() != null);
      everStarted = ran || restarts > 0;
    }
  }

  boolean isRunning() {
    return phase instanceof Running;
  }

  boolean hasStarted() {
    return everStarted;
  }

  boolean isReady() {
    return phase instanceof Running running && running.launched().isReady();
  }

  boolean isStarted() {
    return phase instanceof Running running && running.launched().isStarted();
  }

  /** Ended for good, the restart policy being what it is. */
  boolean isDone() {
    return phase instanceof Terminated ended && !restarts(ended);
  }

  boolean hasSucceeded() {
    return phase instanceof Terminated ended && ended.exitCode() == 0;
  }

  /** Says why the pod as a whole keeps this container from starting. */
  void hold(String reason, String message) {
    if (phase instanceof Waiting) {
      phase = new Waiting(reason, message, Instant.EPOCH);
    }
  }

  /** Brings it one step on. */
  Duration keep(Pod pod, Map<String, Path> volumes, String podIp) {
    Instant now = node.clock().instant();
    return switch (phase) {
      case Running running -> watch(pod, running, now);
      case Terminated ended -> {
        if (!restarts(ended)) {
          yield NOTHING_DUE;
        }
        backOff(pod, ended, now);
        yield Duration.ZERO;
      }
      case Waiting waiting -> {
        if (waiting.notBefore().isAfter(now)) {
          yield Duration.between(now, waiting.notBefore());
        }
        yield start(pod, volumes, podIp, now);
      }
    };
  }

  /** Ends it, with SIGKILL once the deadline has passed. */
  Duration end(Pod pod, Instant deadline) {
    if (!(phase instanceof Running running)) {
      return NOTHING_DUE;
    }
    if (killAt == null) {
      node.events().normal(pod, "Killing", "Stopping container " + container.getName());
      running.launched().stopProbes();
      running.launched().process().terminate();
    }
    killAt = deadline;
    return watch(pod, running, node.clock().instant());
  }

  ContainerStatus status() {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withContainerID(
            phase instanceof Running running
                ? "process://" + running.launched().process().pid()
                : null)
        .withReady(isReady())
        .withStarted(isStarted())
        .withRestartCount(restarts)
        .withState(phase.state())
        .withLastState(last == null ? new ContainerStateBuilder().build() : last.state())
        .build();
  }

  private Duration watch(Pod pod, Running running, Instant now) {
    ChildProcess process = running.launched().process();
    if (!process.isAlive()) {
      running.launched().stopProbes();
      int code = process.exitCode();
      boolean killed = code >= SIGNALLED && killAt != null;
      phase =
          new Terminated(code, code == 0 || killed ? "Completed" : "Error", running.since(), now);
      last = (Terminated) phase;
      killAt = null;
      return Duration.ZERO;
    }
    String failure = running.launched().failure();
    if (killAt == null && !failure.isEmpty()) {
      node.events()
          .normal(
              pod,
              "Killing",
              "Container " + container.getName() + " " + failure + ", will be restarted");
      running.launched().stopProbes();
      process.terminate();
      killAt = now.plus(gracePeriod(pod));
    }
    if (killAt == null) {
      return NOTHING_DUE;
    }
    if (!killAt.isAfter(now)) {
      process.kill();
      return RETRY;
    }
    return Duration.between(now, killAt);
  }

  private Duration start(Pod pod, Map<String, Path> volumes, String podIp, Instant now) {
    if (!launcher.has(container.getImage())) {
      return refuse(
          pod,
          "ErrImagePull",
          "this node runs only these images: " + node.options().images().keySet(),
          now);
    }
    try {
      LaunchedContainer launched =
          launcher.launch(
              pod,
              container,
              volumes,
              podIp,
              changed,
              message -> node.events().warning(pod, "Unhealthy", message));
      if (everStarted) {
        restarts++;
      }
      everStarted = true;
      phase = new Running(launched, now);
      launched.process().onExit(changed);
      node.events().normal(pod, "Started", "Started container " + container.getName());
      return NOTHING_DUE;
    } catch (NotYetException e) {
      return refuse(
          pod, "CreateContainerConfigError", Objects.requireNonNullElse(e.getMessage(), ""), now);
    } catch (InvalidSpecException | IOException e) {
      return refuse(
          pod, "CreateContainerError", Objects.requireNonNullElse(e.getMessage(), ""), now);
    }
  }

  private Duration refuse(Pod pod, String reason, String message, Instant now) {
    boolean known =
        phase instanceof Waiting before
            && before.reason().equals(reason)
            && before.message().equals(message);
    if (!known) {
      node.events().warning(pod, "Failed", reason + ": " + message);
    }
    phase = new Waiting(reason, message, now.plus(RETRY));
    return RETRY;
  }

  private void backOff(Pod pod, Terminated ended, Instant now) {
    boolean ranWell =
        Duration.between(ended.startedAt(), ended.finishedAt()).compareTo(RUNS_WELL) > 0;
    crashesInARow = ranWell ? 1 : crashesInARow + 1;
    if (crashesInARow == 1) {
      phase = new Waiting("ContainerCreating", "", now);
      return;
    }
    long factor = 1L << Math.min(crashesInARow - 2, 20);
    Duration longest = node.options().longestBackOff();
    Duration wait = node.options().firstBackOff().multipliedBy(factor);
    wait = wait.compareTo(longest) > 0 ? longest : wait;
    String message =
        "back-off " + wait.toSeconds() + "s restarting failed container=" + container.getName();
    node.events()
        .warning(pod, "BackOff", "Back-off restarting failed container " + container.getName());
    phase = new Waiting("CrashLoopBackOff", message, now.plus(wait));
  }

  private boolean restarts(Terminated ended) {
    return switch (restartPolicy) {
      case "Never" -> false;
      case "OnFailure" -> ended.exitCode() != 0;
      default -> true;
    };
  }

  static Duration gracePeriod(Pod pod) {
    Long deletion = pod.getMetadata().getDeletionGracePeriodSeconds();
    Long declared = pod.getSpec().getTerminationGracePeriodSeconds();
    return Duration.ofSeconds(
        deletion != null ? deletion : declared != null ? declared : Long.valueOf(30));
  }
}
