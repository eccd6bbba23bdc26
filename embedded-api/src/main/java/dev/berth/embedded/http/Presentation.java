package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import java.util.List;

/** The form in which a client asked for objects. */
interface Presentation {
  /** One object. */
  ObjectNode object(ObjectNode object);

  /** A list of objects. */
  ObjectNode list(List<ObjectNode> objects, String revision);

  /** An object inside a watch event. */
  default ObjectNode event(ObjectNode object) {
    return object(object);
  }

  /** What {@code request} accepts. */
  static Presentation of(ApiRequest request, ResourceType type) {
    return new Plain(type);
  }

  /** The objects themselves, in the version that was asked for. */
  record Plain(ResourceType type) implements Presentation {
    @Override
    public ObjectNode object(ObjectNode object) {
      if (object.path("apiVersion").asText().equals(type.apiVersion())) {
        return object;
      }
      return object.deepCopy().put("apiVersion", type.apiVersion());
    }

    @Override
    public ObjectNode list(List<ObjectNode> objects, String revision) {
      ObjectNode list = Json.object();
      list.put("apiVersion", type.apiVersion()).put("kind", type.kind() + "List");
      list.putObject("metadata").put("resourceVersion", revision);
      ArrayNode items = list.putArray("items");
      objects.forEach(object -> items.add(object(object)));
      return list;
    }
  }
}
