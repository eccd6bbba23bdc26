package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.apply.ManagedFields;
import dev.berth.embedded.apply.ManagedFields.Owner;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException.Cause;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and updates objects by the rules of the API server. */
public final class ObjectWriter {
  private final ObjectStore store;
  private final Admission admission;
  private final Clock clock;
  private final ClaimRules claims;

  /** Writes into {@code store} what {@code admission} lets pass. */
  public ObjectWriter(ObjectStore store, Admission admission, Clock clock) {
    this.store = store;
    this.admission = admission;
    this.clock = clock;
    this.claims = new ClaimRules(store);
  }

  /** The time as objects write it. */
  public String now() {
    return Timestamps.format(clock.instant());
  }

  /** Creates by POST: the caller owns all fields. */
  public ObjectNode create(
      ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
    return create(type, namespace, body, options, null);
  }

  /**
   * Creates an object.
   *
   * @param managed its field owners; null when the caller owns all that is stored
   */
  public ObjectNode create(
      ResourceType type,
      String namespace,
      ObjectNode body,
      WriteOptions options,
      @Nullable ManagedFields managed) {
    ObjectNode object = identified(type, namespace, body);
    ObjectNode metadata = Json.child(object, "metadata");
    if (!metadata.path("resourceVersion").asText("").isEmpty()) {
      throw StatusException.badRequest(
          "resourceVersion should not be set on objects to be created");
    }
    if (metadata.path("name").asText("").isEmpty() && metadata.hasNonNull("generateName")) {
      metadata.put("name", Names.generated(metadata.path("generateName").asText()));
    }
    String name = metadata.path("name").asText("");
    Names.check(type, name);
    admission.checkNamespace(type, namespace, name);
    ObjectKey key = new ObjectKey(type.group(), type.plural(), namespace, name);
    if (store.get(key).isPresent()) {
      throw StatusException.alreadyExists(type, name);
    }
    metadata.remove(List.of("selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
    if (type.hasStatus()) {
      object.remove("status");
    }
    if (type.tracksGeneration()) {
      metadata.put("generation", 1);
    } else {
      metadata.remove("generation");
    }
    BuiltInDefaults.initialStatus(type, object);
    admission.admit(type, object, options);
    metadata.remove("managedFields");
    ManagedFields owners =
        managed != null
            ? managed
            : ManagedFields.NONE.updated(
                owner(type, options, "Update", ""), null, object, type.fields(), now());
    owners.writeTo(object);
    return commit(key, object, options);
  }

  /** Replaces the live object: the caller owns what it changes. */
  public ObjectNode update(
      ResourceType type,
      ObjectNode live,
      ObjectNode body,
      String subresource,
      WriteOptions options) {
    return update(type, live, body, subresource, options, null);
  }

  /**
   * Replaces the live object.
   *
   * @param managed its field owners after the update; null when the caller owns what it changes
   */
  public ObjectNode update(
      ResourceType type,
      ObjectNode live,
      ObjectNode body,
      String subresource,
      WriteOptions options,
      @Nullable ManagedFields managed) {
    JsonNode liveMetadata = live.path("metadata");
    String name = liveMetadata.path("name").asText();
    ObjectNode object = identified(type, liveMetadata.path("namespace").asText(""), body);
    checkPreconditions(type, name, liveMetadata, object.path("metadata"));
    if (subresource.equals("status")) {
      ObjectNode onlyStatus = live.deepCopy();
      setOrRemove(onlyStatus, "status", object.get("status"));
      object = onlyStatus;
    } else if (type.hasStatus()) {
      setOrRemove(object, "status", live.get("status"));
    }
    ObjectNode metadata = Json.child(object, "metadata");
    ManagedFields sent = ManagedFields.of(object);
    boolean reset = metadata.path("managedFields").isArray() && sent.owners().isEmpty();
    keepSystemFields(metadata, liveMetadata, name);
    BuiltInDefaults.keepAllocated(type, live, object);
    admission.admit(type, object, options);
    checkFinalizers(type, name, live, object);
    claims.checkUpdate(type, name, live, object);
    if (type.tracksGeneration() && desiredStateDiffers(live, object)) {
      metadata.put("generation", liveMetadata.path("generation").asLong(0) + 1);
    }
    ManagedFields base = sent.owners().isEmpty() && !reset ? ManagedFields.of(live) : sent;
    ManagedFields owners =
        managed != null
            ? managed
            : base.updated(
                owner(type, options, "Update", subresource), live, object, type.fields(), now());
    owners.writeTo(object);
    ObjectKey key =
        new ObjectKey(type.group(), type.plural(), liveMetadata.path("namespace").asText(""), name);
    if (isGone(object)) {
      return options.dryRun() ? object : store.remove(key, object);
    }
    return Json.same(live, object) ? live : commit(key, object, options);
  }

  /** Sets a namespace's finalizers: the last step of its deletion. */
  public ObjectNode finalizeNamespace(
      ResourceType type, ObjectNode live, ObjectNode body, WriteOptions options) {
    ObjectNode finalized = live.deepCopy();
    ObjectNode spec = Json.child(finalized, "spec");
    setOrRemove(spec, "finalizers", body.path("spec").get("finalizers"));
    return update(type, live, finalized, "", options, ManagedFields.of(live));
  }

  /** Who a write's fields belong to. */
  public static Owner owner(
      ResourceType type, WriteOptions options, String operation, String subresource) {
    return new Owner(options.fieldManager(), operation, type.apiVersion(), subresource);
  }

  private ObjectNode commit(ObjectKey key, ObjectNode object, WriteOptions options) {
    return options.dryRun() ? object : store.put(key, object);
  }

  private static ObjectNode identified(ResourceType type, String namespace, ObjectNode body) {
    checkSame("apiVersion", type.apiVersion(), body.path("apiVersion").asText(""));
    checkSame("kind", type.kind(), body.path("kind").asText(""));
    ObjectNode object = Json.object();
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    object.putObject("metadata");
    object.setAll(body.deepCopy());
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = Json.child(object, "metadata");
    String sent = metadata.path("namespace").asText("");
    if (type.namespaced()) {
      if (!sent.isEmpty() && !sent.equals(namespace)) {
        throw StatusException.badRequest(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
      }
      metadata.put("namespace", namespace);
    } else {
      metadata.remove("namespace");
    }
    return object;
  }

  private static void checkSame(String field, String expected, String sent) {
    if (!sent.isEmpty() && !sent.equals(expected)) {
      throw StatusException.badRequest(
          "the "
              + field
              + " in the data ("
              + sent
              + ") does not match the expected "
              + field
              + " ("
              + expected
              + ")");
    }
  }

  private static void checkPreconditions(
      ResourceType type, String name, JsonNode live, JsonNode sent) {
    if (!sent.path("name").asText(name).equals(name)) {
      throw StatusException.badRequest(
          "the name of the object ("
              + sent.path("name").asText()
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    String revision = sent.path("resourceVersion").asText("");
    if (!revision.isEmpty() && !revision.equals(live.path("resourceVersion").asText())) {
      throw StatusException.stale(type, name);
    }
    String uid = sent.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(live.path("uid").asText())) {
      throw StatusException.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + live.path("uid").asText());
    }
  }

  private static void keepSystemFields(ObjectNode metadata, JsonNode live, String name) {
    metadata.put("name", name);
    for (String field :
        List.of(
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generateName",
            "selfLink")) {
      setOrRemove(metadata, field, live.get(field));
    }
  }

  private static void checkFinalizers(
      ResourceType type, String name, JsonNode live, JsonNode object) {
    if (!live.path("metadata").has("deletionTimestamp")) {
      return;
    }
    for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
      boolean known = false;
      for (JsonNode old : live.path("metadata").path("finalizers")) {
        known |= old.equals(finalizer);
      }
      if (!known) {
        throw StatusException.invalid(
            type,
            name,
            List.of(
                new Cause(
                    "FieldValueForbidden",
                    "metadata.finalizers",
                    "Forbidden: no new finalizers can be added if the object is being deleted,"
                        + " found new finalizers "
                        + finalizer)));
      }
    }
  }

  private static boolean desiredStateDiffers(ObjectNode live, ObjectNode object) {
    return !Json.same(
        live.deepCopy().without(List.of("metadata", "status")),
        object.deepCopy().without(List.of("metadata", "status")));
  }

  private static boolean isGone(ObjectNode object) {
    return object.path("metadata").has("deletionTimestamp")
        && object.path("metadata").path("finalizers").isEmpty()
        && object.path("spec").path("finalizers").isEmpty()
        && object.path("metadata").path("deletionGracePeriodSeconds").asInt(0) == 0;
  }

  private static void setOrRemove(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }
}
