package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import dev.berth.embedded.resource.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in an object, in the words of FieldsV1: {@code f:name} for a field, {@code k:{…}} for a
 * list item by its keys, {@code v:…} for an item of a set.
 */
record FieldPath(List<String> elements) {
  static final FieldPath ROOT = new FieldPath(List.of());

  FieldPath field(String name) {
    return plus("f:" + name);
  }

  FieldPath item(ObjectNode key) {
    return plus("k:" + Json.write(key));
  }

  FieldPath value(JsonNode value) {
    return plus("v:" + Json.write(value));
  }

  FieldPath plus(String element) {
    List<String> longer = new ArrayList<>(elements);
    longer.add(element);
    return new FieldPath(List.copyOf(longer));
  }

  FieldPath parent() {
    return new FieldPath(elements.subList(0, elements.size() - 1));
  }

  boolean isBelow(FieldPath ancestor) {
    return elements.size() > ancestor.elements.size()
        && elements.subList(0, ancestor.elements.size()).equals(ancestor.elements);
  }

  /** What lies there, null when nothing does. */
  @Nullable JsonNode find(JsonNode root, FieldSchema schema) {
    JsonNode node = root;
    FieldSchema here = schema;
    for (String element : elements) {
      node = step(node, here, element);
      if (node == null) {
        return null;
      }
      here = element.startsWith("f:") ? here.field(element.substring(2)) : here.items();
    }
    return node;
  }

  /** Takes away what lies there, if anything does. */
  void removeFrom(ObjectNode root, FieldSchema schema) {
    JsonNode parent = parent().find(root, schema);
    String last = elements.getLast();
    if (parent instanceof ObjectNode object && last.startsWith("f:")) {
      object.remove(last.substring(2));
    } else if (parent instanceof ArrayNode array) {
      FieldSchema list = schemaOf(parent(), schema);
      for (int i = array.size() - 1; i >= 0; i--) {
        if (elementOf(array.get(i), list).equals(last)) {
          array.remove(i);
        }
      }
    }
  }

  /** As conflict messages write it: {@code .spec.ports[port=443,protocol="TCP"].name}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String element : elements) {
      String body = element.substring(2);
      text.append(
          switch (element.charAt(0)) {
            case 'f' -> "." + body;
            case 'k' -> "[" + body.replaceAll("[{}]", "").replaceAll("\"(\\w+)\":", "$1=") + "]";
            default -> "[=" + body + "]";
          });
    }
    return text.toString();
  }

  private static FieldSchema schemaOf(FieldPath path, FieldSchema root) {
    FieldSchema here = root;
    for (String element : path.elements) {
      here = element.startsWith("f:") ? here.field(element.substring(2)) : here.items();
    }
    return here;
  }

  private static @Nullable JsonNode step(JsonNode node, FieldSchema schema, String element) {
    if (element.startsWith("f:")) {
      return node.get(element.substring(2));
    }
    for (JsonNode item : node) {
      if (elementOf(item, schema).equals(element)) {
        return item;
      }
    }
    return null;
  }

  private static String elementOf(JsonNode item, FieldSchema list) {
    return list.listKind() == FieldSchema.ListKind.MAP && item instanceof ObjectNode object
        ? "k:" + Json.write(list.keyOf(object))
        : "v:" + Json.write(item);
  }
}
