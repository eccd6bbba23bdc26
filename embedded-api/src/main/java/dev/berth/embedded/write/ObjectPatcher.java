package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.apply.ManagedFields;
import dev.berth.embedded.apply.MergePatch;
import dev.berth.embedded.apply.ServerSideApply;
import dev.berth.embedded.apply.StrategicMergePatch;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException.Cause;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Patches objects in the four formats of the API. */
public final class ObjectPatcher {
  private final ObjectStore store;
  private final ObjectWriter writer;

  /** Patches what {@code store} holds, by way of {@code writer}. */
  public ObjectPatcher(ObjectStore store, ObjectWriter writer) {
    this.store = store;
    this.writer = writer;
  }

  /** The object after the patch, and whether the patch made it. */
  public record Patched(ObjectNode object, boolean created) {}

  /** Applies the patch in the format that the content type names. */
  public Patched patch(
      ResourceType type,
      ObjectKey key,
      String subresource,
      String contentType,
      String body,
      WriteOptions options) {
    Optional<ObjectNode> live = store.get(key);
    if (contentType.equals("application/apply-patch+yaml")) {
      return apply(type, key, subresource, live, object(parse(body)), options);
    }
    ObjectNode target =
        current(type, live.orElseThrow(() -> StatusException.notFound(type, key.name())));
    JsonNode patch = parse(body);
    JsonNode patched =
        switch (contentType) {
          case "application/json-patch+json" -> jsonPatch(type, key, patch, target);
          case "application/merge-patch+json" -> MergePatch.apply(target, object(patch));
          case "application/strategic-merge-patch+json" -> strategic(type, target, object(patch));
          default -> throw unsupported(contentType);
        };
    return new Patched(writer.update(type, target, object(patched), subresource, options), false);
  }

  private static ObjectNode current(ResourceType type, ObjectNode stored) {
    ObjectNode current = stored.deepCopy();
    return current.put("apiVersion", type.apiVersion());
  }

  private Patched apply(
      ResourceType type,
      ObjectKey key,
      String subresource,
      Optional<ObjectNode> live,
      ObjectNode sent,
      WriteOptions options) {
    ObjectNode applied = applied(type, key, subresource, sent);
    ServerSideApply apply =
        new ServerSideApply(
            type.fields(),
            ObjectWriter.owner(type, options, "Apply", subresource),
            options.force(),
            writer.now());
    if (live.isEmpty()) {
      if (!subresource.isEmpty()) {
        throw StatusException.notFound(type, key.name());
      }
      // An apply may name a version that the object must have if there is one; where there is none,
      // it creates.
      Json.child(applied, "metadata").remove("resourceVersion");
      ManagedFields owners = apply.created(applied);
      return new Patched(writer.create(type, key.namespace(), applied, options, owners), true);
    }
    ObjectNode target = current(type, live.get());
    try {
      ServerSideApply.Result result = apply.to(target, applied);
      return new Patched(
          writer.update(type, target, result.object(), subresource, options, result.managed()),
          false);
    } catch (ServerSideApply.ConflictException e) {
      throw conflict(type, key.name(), e.conflicts());
    }
  }

  private static ObjectNode applied(
      ResourceType type, ObjectKey key, String subresource, ObjectNode sent) {
    ObjectNode applied = ServerSideApply.withoutNulls(sent);
    ObjectNode metadata = Json.child(applied, "metadata");
    if (metadata.has("managedFields") && !metadata.path("managedFields").isEmpty()) {
      throw StatusException.badRequest("metadata.managedFields must be nil");
    }
    metadata.remove("managedFields");
    if (!sent.hasNonNull("apiVersion") || !sent.hasNonNull("kind")) {
      throw StatusException.badRequest(
          "Object 'Kind' and 'apiVersion' must be set in an applied configuration");
    }
    if (!metadata.path("name").asText(key.name()).equals(key.name())) {
      throw StatusException.badRequest(
          "the name of the object ("
              + metadata.path("name").asText()
              + ") does not match the name on the URL ("
              + key.name()
              + ")");
    }
    metadata.put("name", key.name());
    if (subresource.equals("status")) {
      applied.retain("apiVersion", "kind", "metadata", "status");
      metadata.retain("name", "namespace", "resourceVersion", "uid");
    } else if (type.hasStatus()) {
      applied.remove("status");
    }
    if (type.is("", "secrets")) {
      BuiltInDefaults.encodeStringData(applied);
    }
    return applied;
  }

  private static StatusException conflict(
      ResourceType type, String name, List<ServerSideApply.Conflict> conflicts) {
    List<Cause> causes =
        conflicts.stream()
            .map(
                c ->
                    new Cause(
                        "FieldManagerConflict",
                        c.field(),
                        "conflict with \""
                            + c.owner().name()
                            + "\""
                            + (c.owner().subresource().isEmpty()
                                ? ""
                                : " with subresource \"" + c.owner().subresource() + "\"")
                            + " using "
                            + c.owner().apiVersion()))
            .toList();
    String text =
        causes.stream().map(c -> c.message() + ": " + c.field()).collect(Collectors.joining(", "));
    String count = causes.size() == 1 ? "1 conflict: " : causes.size() + " conflicts: ";
    return StatusException.applyConflict(type, name, "Apply failed with " + count + text, causes);
  }

  private static JsonNode jsonPatch(
      ResourceType type, ObjectKey key, JsonNode patch, ObjectNode target) {
    if (!patch.isArray()) {
      throw StatusException.badRequest("a JSON patch is a list of operations");
    }
    try {
      return JsonPatch.apply(patch, target);
    } catch (JsonPatchException | IllegalArgumentException e) {
      throw StatusException.invalid(
          type,
          key.name(),
          List.of(
              new Cause(
                  "FieldValueInvalid",
                  "patch",
                  "the server rejected our request due to an error in our request: "
                      + e.getMessage())));
    }
  }

  private static JsonNode strategic(ResourceType type, ObjectNode target, ObjectNode patch) {
    if (type.crd() != null) {
      throw unsupported("application/strategic-merge-patch+json");
    }
    return StrategicMergePatch.apply(target, patch, type.fields());
  }

  private static StatusException unsupported(String contentType) {
    return StatusException.of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format ("
            + contentType
            + ") - accepted media"
            + " types include: application/json-patch+json, application/merge-patch+json,"
            + " application/apply-patch+yaml");
  }

  private static JsonNode parse(String body) {
    try {
      return Json.readYamlOrJson(body);
    } catch (IOException e) {
      throw StatusException.badRequest("the patch cannot be read: " + e.getMessage());
    }
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.badRequest("the body must be an object");
  }
}
