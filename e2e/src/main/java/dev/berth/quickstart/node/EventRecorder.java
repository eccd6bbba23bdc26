package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Events the way a kubelet does: a repeated one counts up instead of being written anew. */
final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private final KubernetesClient client;
  private final Clock clock;

  EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void normal(HasMetadata about, String reason, String message) {
    record(about, "Normal", reason, message);
  }

  void warning(HasMetadata about, String reason, String message) {
    record(about, "Warning", reason, message);
  }

  private void record(HasMetadata about, String type, String reason, String message) {
    try {
      write(about, type, reason, message);
    } catch (KubernetesClientException e) {
      // An Event is news, not state: a namespace that is going away refuses it and nothing depends
      // on it.
      LOG.debug("event {} of {} not written", reason, ObjectKey.of(about), e);
    }
  }

  private void write(HasMetadata about, String type, String reason, String message) {
    String namespace =
        about.getMetadata().getNamespace() == null ? "default" : about.getMetadata().getNamespace();
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    // The same news has the same name, so that a restarted node counts on as well.
    String suffix =
        UUID.nameUUIDFromBytes(
                (about.getMetadata().getUid() + "|" + reason + "|" + message)
                    .getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "")
            .substring(0, 16);
    String name = about.getMetadata().getName() + "." + suffix;
    Event existing = client.v1().events().inNamespace(namespace).withName(name).get();
    if (existing != null) {
      int count = Objects.requireNonNullElse(existing.getCount(), 1);
      client
          .resource(new EventBuilder(existing).withCount(count + 1).withLastTimestamp(now).build())
          .update();
      return;
    }
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withNamespace(about.getMetadata().getNamespace())
            .withName(about.getMetadata().getName())
            .withUid(about.getMetadata().getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason)
            .withMessage(message)
            .withCount(1)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withReportingComponent("berth-local-node")
            .withReportingInstance(NodeOptions.NODE_NAME)
            .withNewSource()
            .withComponent("berth-local-node")
            .withHost(NodeOptions.NODE_NAME)
            .endSource()
            .build();
    client.resource(event).create();
  }
}
