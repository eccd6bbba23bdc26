package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import java.util.ArrayDeque;
import java.util.Deque;
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

  private static ArrayNode byKey(ArrayNode live, ArrayNode applied, FieldSchema schema) {
    Map<JsonNode, JsonNode> changes = new LinkedHashMap<>();
    applied.forEach(item -> changes.put(key(item, schema), item));
    ArrayNode out = live.arrayNode();
    Deque<JsonNode> rest = new ArrayDeque<>();
    live.forEach(rest::add);
    Set<JsonNode> done = new HashSet<>();
    changes.forEach(
        (key, change) -> {
          moveOthers(rest, out, changes.keySet(), done, schema);
          int at = indexOf(live, key, schema);
          out.add(at < 0 ? change.deepCopy() : merged(live.get(at), change, schema.items()));
          done.add(key);
        });
    moveOthers(rest, out, changes.keySet(), done, schema);
    return out;
  }

  /** Items that are not applied keep their place before the next one that is. */
  private static void moveOthers(
      Deque<JsonNode> from,
      ArrayNode to,
      Set<JsonNode> applied,
      Set<JsonNode> done,
      FieldSchema schema) {
    while (!from.isEmpty()) {
      JsonNode key = key(from.getFirst(), schema);
      if (!applied.contains(key)) {
        to.add(from.removeFirst());
      } else if (done.contains(key)) {
        from.removeFirst();
      } else {
        return;
      }
    }
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
