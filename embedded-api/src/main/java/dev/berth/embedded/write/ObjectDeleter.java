package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;

/**
 * Deletes objects: at once, or by marking them where a finalizer, a kubelet or the namespace
 * controller has to act first.
 */
public final class ObjectDeleter {
  private final ObjectStore store;
  private final Clock clock;

  /** Deletes from {@code store}. */
  public ObjectDeleter(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** The last state, and whether the object is still there, marked for deletion. */
  public record Deleted(ObjectNode object, boolean remains) {}

  /** Deletes the object if it is the one that {@code deleteOptions} are about. */
  public Deleted delete(ResourceType type, ObjectKey key, JsonNode deleteOptions, boolean dryRun) {
    ObjectNode live = store.get(key).orElseThrow(() -> StatusException.notFound(type, key.name()));
    checkPreconditions(type, key, live, deleteOptions.path("preconditions"));
    ObjectNode marked = marked(type, live, deleteOptions);
    boolean remains = mustWait(type, marked);
    if (dryRun) {
      return new Deleted(marked, remains);
    }
    if (!remains) {
      return new Deleted(store.remove(key, live), false);
    }
    return new Deleted(Json.same(live, marked) ? live : store.put(key, marked), true);
  }

  private ObjectNode marked(ResourceType type, ObjectNode live, JsonNode options) {
    ObjectNode marked = live.deepCopy();
    ObjectNode metadata = Json.child(marked, "metadata");
    long grace = type.is("", "pods") ? gracePeriod(live, options) : 0;
    if (!metadata.has("deletionTimestamp")) {
      metadata.put(
          "deletionTimestamp", Timestamps.format(clock.instant().plus(Duration.ofSeconds(grace))));
      metadata.put("deletionGracePeriodSeconds", grace);
      if (metadata.has("generation")) {
        metadata.put("generation", metadata.path("generation").asLong() + 1);
      }
      if (type.is("", "namespaces")) {
        Json.child(marked, "status").put("phase", "Terminating");
      }
    } else if (grace < metadata.path("deletionGracePeriodSeconds").asLong()) {
      metadata.put("deletionGracePeriodSeconds", grace);
    }
    return marked;
  }

  /** A pod that runs on a node is the kubelet's to end; it confirms by a period of zero. */
  private static long gracePeriod(ObjectNode pod, JsonNode options) {
    if (pod.path("spec").path("nodeName").asText("").isEmpty()) {
      return 0;
    }
    return options
        .path("gracePeriodSeconds")
        .asLong(pod.path("spec").path("terminationGracePeriodSeconds").asLong(30));
  }

  private static boolean mustWait(ResourceType type, ObjectNode marked) {
    JsonNode metadata = marked.path("metadata");
    return !metadata.path("finalizers").isEmpty()
        || (type.is("", "namespaces") && !marked.path("spec").path("finalizers").isEmpty())
        || metadata.path("deletionGracePeriodSeconds").asLong() > 0;
  }

  private static void checkPreconditions(
      ResourceType type, ObjectKey key, ObjectNode live, JsonNode preconditions) {
    for (String field : new String[] {"uid", "resourceVersion"}) {
      String wanted = preconditions.path(field).asText("");
      String found = live.path("metadata").path(field).asText();
      if (!wanted.isEmpty() && !wanted.equals(found)) {
        throw StatusException.conflict(
            type,
            key.name(),
            "Precondition failed: " + field + " in precondition: " + wanted + ", found: " + found);
      }
    }
  }
}
