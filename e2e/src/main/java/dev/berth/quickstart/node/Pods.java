package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions that several controllers ask about pods and their owners. */
final class Pods {

  private Pods() {}

  static String now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
    return controllerOf(object)
        .filter(o -> Objects.equals(o.getUid(), owner.getMetadata().getUid()))
        .isPresent();
  }

  static OwnerReference controller(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  static boolean isDeleted(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  /** Neither ended nor on its way out. */
  static boolean isActive(Pod pod) {
    String phase =
        pod.getStatus() == null ? "" : Objects.requireNonNullElse(pod.getStatus().getPhase(), "");
    return !isDeleted(pod) && !phase.equals("Failed") && !phase.equals("Succeeded");
  }

  static boolean isReady(Pod pod) {
    return readySince(pod) != null;
  }

  /** Ready for at least that long. */
  static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
    String since = readySince(pod);
    if (since == null) {
      return false;
    }
    return minReadySeconds == 0
        || !Instant.parse(since).plus(Duration.ofSeconds(minReadySeconds)).isAfter(now);
  }

  private static @Nullable String readySince(Pod pod) {
    if (pod.getStatus() == null) {
      return null;
    }
    return pod.getStatus().getConditions().stream()
        .filter(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()))
        .map(c -> Objects.requireNonNullElse(c.getLastTransitionTime(), Instant.EPOCH.toString()))
        .findFirst()
        .orElse(null);
  }

  static int orDefault(@Nullable Integer value, int fallback) {
    return value == null ? fallback : value;
  }
}
