package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Merges an applied configuration into an object by the rules of its schema. */
final class Merge {
  private Merge() {}

  static void into(ObjectNode target, ObjectNode applied, FieldSchema schema) {
    applied
        .properties()
        .forEach(
            field ->
                target.set(
                    field.getKey(),
                    merged(
                        target.path(field.getKey()),
                        field.getValue(),
                        schema.field(field.getKey()))));
  }

  private static JsonNode merged(JsonNode live, JsonNode applied, FieldSchema schema) {
    if (live instanceof ObjectNode object
        && applied instanceof ObjectNode change
        && !schema.atomicObject()) {
      into(object, change, schema);
      return object;
    }
    if (live instanceof ArrayNode list && applied instanceof ArrayNode change) {
      return switch (schema.listKind()) {
        case ATOMIC -> change.deepCopy();
        case SET -> union(list, change);
        case MAP -> byKey(list, change, schema);
      };
    }
    return applied.deepCopy();
  }

  private static ArrayNode union(ArrayNode live, ArrayNode applied) {
    Set<JsonNode> seen = new HashSet<>();
    live.forEach(seen::add);
    ArrayNode union = live.deepCopy();
    applied.forEach(
        item -> {
          if (seen.add(item)) {
            union.add(item);
          }
        });
    return union;
  }

  /** Applied items in their order; items of others stay before what they stood before. */
  private static ArrayNode byKey(ArrayNode live, ArrayNode applied, FieldSchema schema) {
    Map<JsonNode, JsonNode> changes = new LinkedHashMap<>();
    applied.forEach(item -> changes.put(key(item, schema), item));
    boolean[] done = new boolean[live.size()];
    ArrayNode out = live.arrayNode();
    changes.forEach(
        (key, change) -> {
          int at = indexOf(live, key, schema);
          for (int i = 0; i < at; i++) {
            if (!done[i] && !changes.containsKey(key(live.get(i), schema))) {
              out.add(live.get(i));
              done[i] = true;
            }
          }
          if (at < 0) {
            out.add(change.deepCopy());
          } else {
            out.add(merged(live.get(at), change, schema.items()));
            done[at] = true;
          }
        });
    for (int i = 0; i < live.size(); i++) {
      if (!done[i]) {
        out.add(live.get(i));
      }
    }
    return out;
  }

  private static int indexOf(ArrayNode items, JsonNode key, FieldSchema schema) {
    for (int i = 0; i < items.size(); i++) {
      if (key(items.get(i), schema).equals(key)) {
        return i;
      }
    }
    return -1;
  }

  private static JsonNode key(JsonNode item, FieldSchema schema) {
    return item instanceof ObjectNode object ? schema.keyOf(object) : item;
  }
}
