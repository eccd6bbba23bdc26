package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import dev.berth.embedded.resource.FieldSchema.ListKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Strategic merge patch: a merge patch that knows the keys of lists, with the directives {@code
 * $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList} and {@code $setElementOrder}.
 */
public final class StrategicMergePatch {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /** The patched copy of {@code target}. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch, FieldSchema schema) {
    if (patch.path(PATCH).asText().equals("replace")) {
      ObjectNode replacement = patch.deepCopy();
      replacement.remove(PATCH);
      return replacement;
    }
    ObjectNode result = target.deepCopy();
    if (patch.path(PATCH).asText().equals("delete")) {
      return result.removeAll();
    }
    if (patch.has(RETAIN)) {
      List<String> kept = new ArrayList<>();
      patch.path(RETAIN).forEach(key -> kept.add(key.asText()));
      result.retain(kept);
    }
    patch
        .properties()
        .forEach(field -> applyField(result, field.getKey(), field.getValue(), schema));
    patch.properties().forEach(field -> order(result, field.getKey(), field.getValue(), schema));
    return result;
  }

  private static void applyField(
      ObjectNode result, String name, JsonNode value, FieldSchema schema) {
    if (name.startsWith(DELETE_FROM)) {
      removeValues(result.path(name.substring(DELETE_FROM.length())), value);
    } else if (name.startsWith("$")) {
      return;
    } else if (value.isNull()) {
      result.remove(name);
    } else if (value instanceof ObjectNode change) {
      ObjectNode old = result.get(name) instanceof ObjectNode o ? o : result.objectNode();
      result.set(name, apply(old, change, schema.field(name)));
    } else if (value instanceof ArrayNode change) {
      ArrayNode old = result.get(name) instanceof ArrayNode a ? a : result.arrayNode();
      result.set(name, list(old, change, schema.field(name)));
    } else {
      result.set(name, value);
    }
  }

  private static ArrayNode list(ArrayNode old, ArrayNode change, FieldSchema schema) {
    if (schema.listKind() == ListKind.ATOMIC) {
      return change.deepCopy();
    }
    if (schema.listKind() == ListKind.SET) {
      ArrayNode union = old.deepCopy();
      change.forEach(
          item -> {
            if (indexOf(union, item) < 0) {
              union.add(item);
            }
          });
      return union;
    }
    String key = schema.listKeys().getFirst();
    ArrayNode result = old.deepCopy();
    for (JsonNode item : change) {
      String directive = item.path(PATCH).asText();
      if (directive.equals("replace") && !item.has(key)) {
        result.removeAll();
        continue;
      }
      int at = indexByKey(result, key, item.path(key));
      if (directive.equals("delete")) {
        if (at >= 0) {
          result.remove(at);
        }
      } else if (at < 0) {
        result.add(apply(result.objectNode(), (ObjectNode) item, schema.items()));
      } else {
        result.set(at, apply((ObjectNode) result.get(at), (ObjectNode) item, schema.items()));
      }
    }
    return result;
  }

  private static void order(ObjectNode result, String name, JsonNode order, FieldSchema schema) {
    if (!name.startsWith(ORDER)) {
      return;
    }
    String field = name.substring(ORDER.length());
    if (!(result.get(field) instanceof ArrayNode list)) {
      return;
    }
    List<String> keys = schema.field(field).listKeys();
    List<JsonNode> sorted = new ArrayList<>();
    for (JsonNode wanted : order) {
      int at =
          keys.isEmpty()
              ? indexOf(list, wanted)
              : indexByKey(list, keys.getFirst(), wanted.path(keys.getFirst()));
      if (at >= 0) {
        sorted.add(list.remove(at));
      }
    }
    list.forEach(sorted::add);
    list.removeAll();
    list.addAll(sorted);
  }

  private static void removeValues(JsonNode list, JsonNode values) {
    if (list instanceof ArrayNode array) {
      for (JsonNode value : values) {
        int at = indexOf(array, value);
        if (at >= 0) {
          array.remove(at);
        }
      }
    }
  }

  private static int indexOf(ArrayNode list, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  private static int indexByKey(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }
}
