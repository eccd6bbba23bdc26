package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.Pods.orDefault;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The status of a Deployment, from its ReplicaSets. */
final class DeploymentStatusFactory {

  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  private final Clock clock;

  DeploymentStatusFactory(Clock clock) {
    this.clock = clock;
  }

  DeploymentStatus status(
      Deployment deployment, Long generation, List<ReplicaSet> sets, String hash) {
    int wanted = orDefault(deployment.getSpec().getReplicas(), 1);
    List<ReplicaSet> current =
        sets.stream()
            .filter(s -> hash.equals(s.getMetadata().getLabels().get(PodTemplates.HASH_LABEL)))
            .toList();
    int total = sum(sets, s -> orDefault(s.getStatus().getReplicas(), 0));
    int updated = sum(current, s -> orDefault(s.getStatus().getReplicas(), 0));
    int ready = sum(sets, s -> orDefault(s.getStatus().getReadyReplicas(), 0));
    int available = sum(sets, s -> orDefault(s.getStatus().getAvailableReplicas(), 0));
    int least = wanted - (wanted == 0 ? 0 : maxUnavailable(deployment, wanted));
    boolean done = updated == wanted && total == wanted && available == wanted;
    return new DeploymentStatusBuilder()
        .withObservedGeneration(generation)
        .withReplicas(total)
        .withUpdatedReplicas(updated)
        .withReadyReplicas(ready)
        .withAvailableReplicas(available)
        .withUnavailableReplicas(Math.max(0, Math.max(total, wanted) - available))
        .withConditions(
            available >= least
                ? condition(
                    deployment,
                    "Available",
                    "True",
                    "MinimumReplicasAvailable",
                    "Deployment has minimum availability.")
                : condition(
                    deployment,
                    "Available",
                    "False",
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability."),
            progressing(deployment, done, updated, available))
        .build();
  }

  private DeploymentCondition progressing(
      Deployment deployment, boolean done, int updated, int available) {
    if (done) {
      return condition(
          deployment, "Progressing", "True", "NewReplicaSetAvailable", "The rollout is complete.");
    }
    DeploymentCondition before = previous(deployment, "Progressing");
    int deadline =
        orDefault(deployment.getSpec().getProgressDeadlineSeconds(), PROGRESS_DEADLINE_SECONDS);
    String message = "%d updated, %d available.".formatted(updated, available);
    if (before != null && message.equals(before.getMessage())) {
      if ("ProgressDeadlineExceeded".equals(before.getReason())) {
        return before;
      }
      if (before.getLastUpdateTime() != null
          && Instant.parse(before.getLastUpdateTime())
              .plus(Duration.ofSeconds(deadline))
              .isBefore(clock.instant())) {
        return condition(deployment, "Progressing", "False", "ProgressDeadlineExceeded", message);
      }
    }
    return condition(deployment, "Progressing", "True", "ReplicaSetUpdated", message);
  }

  private DeploymentCondition condition(
      Deployment deployment, String type, String status, String reason, String message) {
    DeploymentCondition before = previous(deployment, type);
    String now = Pods.now(clock);
    DeploymentConditionBuilder result =
        new DeploymentConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(message)
            .withLastTransitionTime(now)
            .withLastUpdateTime(now);
    if (before != null && status.equals(before.getStatus())) {
      result.withLastTransitionTime(before.getLastTransitionTime());
      if (reason.equals(before.getReason()) && message.equals(before.getMessage())) {
        result.withLastUpdateTime(before.getLastUpdateTime());
      }
    }
    return result.build();
  }

  private static int maxUnavailable(Deployment deployment, int replicas) {
    var strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      return 0;
    }
    return DeploymentController.share(
        strategy == null || strategy.getRollingUpdate() == null
            ? null
            : strategy.getRollingUpdate().getMaxUnavailable(),
        replicas,
        false);
  }

  private static @Nullable DeploymentCondition previous(Deployment deployment, String type) {
    if (deployment.getStatus() == null) {
      return null;
    }
    return deployment.getStatus().getConditions().stream()
        .filter(c -> type.equals(c.getType()))
        .findFirst()
        .orElse(null);
  }

  private static int sum(List<ReplicaSet> sets, ToIntFunction<ReplicaSet> count) {
    return sets.stream().filter(s -> s.getStatus() != null).mapToInt(count).sum();
  }
}
