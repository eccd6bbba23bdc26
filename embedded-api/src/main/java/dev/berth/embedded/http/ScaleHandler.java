package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.apply.MergePatch;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.ObjectWriter;
import dev.berth.embedded.write.StatusException;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.stream.Collectors;

/** The scale subresource: {@code kubectl scale} and autoscalers read and set replicas by it. */
final class ScaleHandler {
  private static final String DEFAULT_SPEC = ".spec.replicas";

  private final ObjectStore store;
  private final ObjectWriter writer;

  ScaleHandler(ObjectStore store, ObjectWriter writer) {
    this.store = store;
    this.writer = writer;
  }

  MockResponse handle(ApiRequest request, ApiPath path, ResourceType type) {
    if (!type.subresources().contains("scale")) {
      throw StatusException.noSuchPath();
    }
    ObjectNode live =
        store
            .get(ResourceHandler.key(type, path))
            .orElseThrow(() -> StatusException.notFound(type, path.name()));
    ObjectNode scale = scale(type, live);
    ObjectNode answer =
        switch (request.method()) {
          case "GET" -> scale;
          case "PUT" -> scaled(request, type, live, request.bodyObject());
          case "PATCH" ->
              scaled(
                  request, type, live, (ObjectNode) MergePatch.apply(scale, request.bodyObject()));
          default ->
              throw StatusException.of(
                  405, "MethodNotAllowed", "the server does not allow this method on the resource");
        };
    return Answers.json(200, answer);
  }

  private ObjectNode scaled(
      ApiRequest request, ResourceType type, ObjectNode live, ObjectNode wanted) {
    ObjectNode change = live.deepCopy();
    JsonNode revision = wanted.at("/metadata/resourceVersion");
    if (!revision.asText("").isEmpty()) {
      Json.child(change, "metadata").set("resourceVersion", revision);
    }
    String pointer = pointer(declared(type, "specReplicasPath", DEFAULT_SPEC));
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = change.at(pointer.substring(0, slash));
    if (!(parent instanceof ObjectNode holder)) {
      throw StatusException.badRequest("the object has nothing at " + pointer);
    }
    holder.put(pointer.substring(slash + 1), wanted.at("/spec/replicas").asInt(0));
    return scale(type, writer.update(type, live, change, "", request.writeOptions()));
  }

  private static ObjectNode scale(ResourceType type, ObjectNode object) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      metadata.set(field, object.path("metadata").path(field));
    }
    int replicas = object.at(pointer(declared(type, "specReplicasPath", DEFAULT_SPEC))).asInt(0);
    scale.putObject("spec").put("replicas", replicas);
    ObjectNode status = scale.putObject("status");
    status.put(
        "replicas",
        object.at(pointer(declared(type, "statusReplicasPath", ".status.replicas"))).asInt(0));
    status.put("selector", selector(type, object));
    return scale;
  }

  private static String selector(ResourceType type, ObjectNode object) {
    if (type.crd() != null) {
      String path = declared(type, "labelSelectorPath", "");
      return path.isEmpty() ? "" : object.at(pointer(path)).asText("");
    }
    return object.at("/spec/selector/matchLabels").properties().stream()
        .map(label -> label.getKey() + "=" + label.getValue().asText())
        .collect(Collectors.joining(","));
  }

  private static String declared(ResourceType type, String field, String otherwise) {
    return type.crd() == null
        ? otherwise
        : type.crd().at("/subresources/scale").path(field).asText(otherwise);
  }

  private static String pointer(String dotted) {
    return dotted.replace('.', '/');
  }
}
