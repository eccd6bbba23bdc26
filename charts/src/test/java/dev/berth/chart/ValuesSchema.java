package dev.berth.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code values.schema.json}, read as a list of values in its order. */
final class ValuesSchema {
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode schema;

  private ValuesSchema(JsonNode schema) {
    this.schema = schema;
  }

  /** One value; a group has values below it and no default of its own. */
  record Value(
      String path,
      int depth,
      boolean isGroup,
      String type,
      JsonNode defaultValue,
      String description) {
    String name() {
      return path.substring(path.lastIndexOf('.') + 1);
    }
  }

  static ValuesSchema read(Path chart) throws IOException {
    return new ValuesSchema(JSON.readTree(Files.readString(chart.resolve("values.schema.json"))));
  }

  List<Value> values() {
    List<Value> values = new ArrayList<>();
    collect("", 0, schema, values);
    return values;
  }

  /** The table of the README. */
  String table() {
    StringBuilder table = new StringBuilder("| value | type | default | |\n|---|---|---|---|\n");
    for (Value value : values()) {
      if (!value.isGroup() && !value.path().equals("global")) {
        table.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    value.path(),
                    value.type(),
                    code(value.defaultValue()),
                    value.description().replace("|", "\\|")));
      }
    }
    return table.toString();
  }

  /** The chart's own values, each with its description. */
  String valuesFile() {
    StringBuilder yaml =
        new StringBuilder(
            "# Generated from values.schema.json, which says more. Change that, then run\n#   "
                + GeneratedFile.COMMAND
                + "\n");
    for (Value value : values()) {
      if (value.path().equals("global")) {
        continue;
      }
      String indent = "  ".repeat(value.depth());
      if (value.depth() == 0) {
        yaml.append('\n');
      }
      yaml.append("%s# %s\n".formatted(indent, value.description()));
      yaml.append(indent).append(value.name()).append(':');
      yaml.append(value.isGroup() ? "\n" : " " + value.defaultValue() + "\n");
    }
    return yaml.toString();
  }

  private void collect(String prefix, int depth, JsonNode parent, List<Value> values) {
    parent
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              JsonNode property = resolved(entry.getValue());
              String path = prefix + entry.getKey();
              boolean group = property.has("properties");
              values.add(
                  new Value(
                      path,
                      depth,
                      group,
                      type(property),
                      property.path("default"),
                      property.path("description").asText()));
              collect(path + ".", depth + 1, property, values);
            });
  }

  /** With what {@code $ref} names. */
  private JsonNode resolved(JsonNode property) {
    if (!property.has("$ref")) {
      return property;
    }
    ObjectNode resolved = schema.at(property.path("$ref").asText().substring(1)).deepCopy();
    property.properties().forEach(entry -> resolved.set(entry.getKey(), entry.getValue()));
    return resolved;
  }

  private String type(JsonNode property) {
    String type = property.path("type").asText();
    if (property.has("enum")) {
      return String.join(", ", Rendered.texts(property.path("enum")));
    }
    return type.equals("array")
        ? "list of " + resolved(property.path("items")).path("type").asText() + "s"
        : type;
  }

  private static String code(JsonNode value) {
    try {
      return "`" + JSON.writeValueAsString(value) + "`";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
