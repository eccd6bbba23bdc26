package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.table.Tables;
import java.time.Instant;
import java.util.List;

/** The form in which a client asked for objects. */
interface Presentation {
  /** One object. */
  ObjectNode object(ObjectNode object);

  /** A list of objects. */
  ObjectNode list(List<ObjectNode> objects, String revision);

  /** What {@code request} accepts. */
  static Presentation of(ApiRequest request, ResourceType type, Instant now) {
    if (!request.wantsTable()) {
      return new Plain(type);
    }
    Tables.Include include =
        switch (request.parameter("includeObject").orElse("Metadata")) {
          case "Object" -> Tables.Include.OBJECT;
          case "None" -> Tables.Include.NONE;
          default -> Tables.Include.METADATA;
        };
    return new Tabular(new Tables(type, include, now));
  }

  /** Rows to print. */
  record Tabular(Tables tables) implements Presentation {
    @Override
    public ObjectNode object(ObjectNode object) {
      return list(List.of(object), object.at("/metadata/resourceVersion").asText());
    }

    @Override
    public ObjectNode list(List<ObjectNode> objects, String revision) {
      return tables.table(objects, revision);
    }
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
