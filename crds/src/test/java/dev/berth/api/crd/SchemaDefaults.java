package dev.berth.api.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts the defaults of a schema into an object, as the API server does. */
final class SchemaDefaults {

  private SchemaDefaults() {}

  static void apply(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object && schema.has("properties")) {
      schema
          .get("properties")
          .properties()
          .forEach(
              entry -> {
                String name = entry.getKey();
                if (!object.has(name) && entry.getValue().has("default")) {
                  object.set(name, entry.getValue().get("default"));
                }
                if (object.has(name)) {
                  apply(entry.getValue(), object.get(name));
                }
              });
    } else if (value.isArray()) {
      value.forEach(item -> apply(schema.get("items"), item));
    }
  }
}
