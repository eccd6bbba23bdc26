package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Walks an object along its structural schema: drops what is unknown, fills in defaults. */
final class StructuralFields {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

  private StructuralFields() {}

  /** Drops unknown fields and returns their names. */
  static List<String> prune(ObjectNode object, JsonNode schema) {
    List<String> dropped = new ArrayList<>();
    if (!schema.isMissingNode()) {
      pruneObject(object, schema, "", dropped);
    }
    return dropped;
  }

  /** Sets the defaults of absent fields, also of those that a default brought in. */
  static void fillDefaults(JsonNode node, JsonNode schema) {
    if (node instanceof ObjectNode object) {
      schema
          .path("properties")
          .properties()
          .forEach(
              property -> {
                JsonNode value = object.path(property.getKey());
                JsonNode rules = property.getValue();
                boolean unset =
                    value.isMissingNode()
                        || (value.isNull() && !rules.path("nullable").asBoolean());
                if (unset && rules.has("default")) {
                  object.set(property.getKey(), rules.get("default").deepCopy());
                }
                fillDefaults(object.path(property.getKey()), rules);
              });
      JsonNode additional = schema.path("additionalProperties");
      if (additional.isObject()) {
        object.forEach(value -> fillDefaults(value, additional));
      }
    } else if (node.isArray()) {
      node.forEach(item -> fillDefaults(item, schema.path("items")));
    }
  }

  private static void prune(JsonNode node, JsonNode schema, String path, List<String> dropped) {
    if (node instanceof ObjectNode object) {
      pruneObject(object, schema, path, dropped);
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        prune(node.get(i), schema.path("items"), path + "[" + i + "]", dropped);
      }
    }
  }

  private static void pruneObject(
      ObjectNode object, JsonNode schema, String path, List<String> dropped) {
    boolean resource = path.isEmpty() || schema.path("x-kubernetes-embedded-resource").asBoolean();
    JsonNode properties = schema.path("properties");
    JsonNode additional = schema.path("additionalProperties");
    List<String> unknown = new ArrayList<>();
    object
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              String child = path.isEmpty() ? name : path + "." + name;
              if (resource && ENVELOPE.contains(name)) {
                return;
              }
              if (properties.has(name)) {
                prune(field.getValue(), properties.path(name), child, dropped);
              } else if (additional.isObject()) {
                prune(field.getValue(), additional, child, dropped);
              } else if (!additional.asBoolean() && !schema.path(PRESERVE).asBoolean()) {
                unknown.add(name);
                dropped.add(child);
              }
            });
    object.remove(unknown);
  }
}
