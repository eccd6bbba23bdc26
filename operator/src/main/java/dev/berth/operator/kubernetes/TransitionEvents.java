package dev.berth.operator.kubernetes;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Event for each transition of Ready, so that {@code kubectl describe} tells the story. */
public final class TransitionEvents {
  private static final Logger LOG = LoggerFactory.getLogger(TransitionEvents.class);

  private final KubernetesClient client;
  private final Clock clock;

  public TransitionEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  public void publish(HasMetadata object, List<Condition> before, List<Condition> after) {
    Optional<Condition> old = ready(before);
    ready(after)
        // That somebody has not looked yet is no news.
        .filter(now -> !now.reason().equals(Reason.PENDING.value()))
        .filter(
            now ->
                old.isEmpty()
                    || old.get().status() != now.status()
                    || !old.get().reason().equals(now.reason()))
        .ifPresent(now -> create(object, now, type(now, old, after)));
  }

  /**
   * A start that takes its time is nothing to be warned of; what served before and waits now is.
   */
  private static String type(Condition ready, Optional<Condition> old, List<Condition> all) {
    boolean served = old.filter(before -> before.status() == ConditionStatus.TRUE).isPresent();
    boolean underWay =
        all.stream()
            .anyMatch(
                condition ->
                    condition.type().equals(ConditionType.RECONCILING.value())
                        && condition.status() == ConditionStatus.TRUE);
    return ready.status() == ConditionStatus.FALSE && (served || !underWay) ? "Warning" : "Normal";
  }

  private static Optional<Condition> ready(List<Condition> conditions) {
    return conditions.stream()
        .filter(condition -> condition.type().equals(ConditionType.READY.value()))
        .findFirst();
  }

  private void create(HasMetadata object, Condition ready, String type) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String namespace = object.getMetadata().getNamespace();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name(object, ready))
            .withNamespace(namespace)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(object.getApiVersion())
            .withKind(object.getKind())
            .withName(object.getMetadata().getName())
            .withNamespace(namespace)
            .withUid(object.getMetadata().getUid())
            .withResourceVersion(object.getMetadata().getResourceVersion())
            .endInvolvedObject()
            .withType(type)
            .withReason(ready.reason())
            .withMessage(shortened(ready.message()))
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withReportingComponent("berth-operator")
            .withNewSource()
            .withComponent("berth-operator")
            .endSource()
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      // The status says the same; an Event that is lost changes nothing.
      LOG.debug("no event for {} {}/{}", object.getKind(), namespace, event.getMetadata(), e);
    }
  }

  /**
   * The same for the same transition of the same object: a visit that is repeated, since its status
   * could not be written, tells nothing twice.
   */
  private static String name(HasMetadata object, Condition ready) {
    int transition =
        Objects.hash(
            object.getMetadata().getResourceVersion(), ready.status().name(), ready.reason());
    return "%s.%08x%08x"
        .formatted(
            object.getMetadata().getName(), object.getMetadata().getUid().hashCode(), transition);
  }

  /** The API server takes 1,024 characters. */
  private static String shortened(String message) {
    return message.length() <= 1024 ? message : message.substring(0, 1021) + "...";
  }
}
