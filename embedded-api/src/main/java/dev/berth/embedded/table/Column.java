package dev.berth.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.embedded.resource.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/**
 * One column.
 *
 * @param priority 0 for columns that are always shown, above it for {@code -o wide}
 */
record Column(String name, String type, String format, int priority, Cell cell) {
  /** Computes a cell. */
  @FunctionalInterface
  interface Cell {
    /** The cell of {@code object} at the time {@code now}. */
    JsonNode of(JsonNode object, Instant now);
  }

  static final Column NAME =
      new Column("Name", "string", "name", 0, (o, now) -> o.at("/metadata/name"));
  static final Column AGE =
      new Column(
          "Age",
          "string",
          "",
          0,
          (o, now) -> text(Age.since(o.at("/metadata/creationTimestamp").asText(), now)));

  static Column text(String name, Function<JsonNode, String> value) {
    return new Column(name, "string", "", 0, (o, now) -> text(value.apply(o)));
  }

  static Column number(String name, Function<JsonNode, Integer> value) {
    return new Column(name, "integer", "", 0, (o, now) -> Json.object().numberNode(value.apply(o)));
  }

  static JsonNode text(String value) {
    return TextNode.valueOf(value);
  }

  Column wide() {
    return new Column(name, type, format, 1, cell);
  }

  ObjectNode definition() {
    return Json.object()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", name.toLowerCase(Locale.ROOT))
        .put("priority", priority);
  }
}
