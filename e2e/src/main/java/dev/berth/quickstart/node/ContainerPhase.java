package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where a container is in its life. */
sealed interface ContainerPhase {

  /** Not started, or to be started again. */
  record Waiting(String reason, String message, Instant notBefore) implements ContainerPhase {}

  /** A process of its own. */
  record Running(LaunchedContainer launched, Instant since) implements ContainerPhase {}

  /** Ended, with the exit code of its process. */
  record Terminated(int exitCode, String reason, Instant startedAt, Instant finishedAt)
      implements ContainerPhase {}

  /** As the API shows it. */
  default ContainerState state() {
    return switch (this) {
      case Waiting w ->
          new ContainerStateBuilder()
              .withNewWaiting()
              .withReason(w.reason())
              .withMessage(w.message().isEmpty() ? null : w.message())
              .endWaiting()
              .build();
      case Running r ->
          new ContainerStateBuilder()
              .withNewRunning()
              .withStartedAt(seconds(r.since()))
              .endRunning()
              .build();
      case Terminated t ->
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(t.exitCode())
              .withReason(t.reason())
              .withStartedAt(seconds(t.startedAt()))
              .withFinishedAt(seconds(t.finishedAt()))
              .endTerminated()
              .build();
    };
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
