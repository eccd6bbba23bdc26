package dev.berth.embedded.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reading and writing of the trees that the embedded API keeps objects in. */
public final class Json {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private Json() {}

  /** A new empty object. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Reads YAML, of which JSON is a part. */
  public static JsonNode readYaml(String text) throws IOException {
    return YAML.readTree(text);
  }

  /** Reads JSON. */
  public static JsonNode read(String text) throws IOException {
    return JSON.readTree(text);
  }

  /** Reads either: YAML does not allow the tabs that JSON may hold. */
  public static JsonNode readYamlOrJson(String text) throws IOException {
    String start = text.stripLeading();
    return start.startsWith("{") || start.startsWith("[") ? read(text) : readYaml(text);
  }

  /** A value as a tree. */
  public static ObjectNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /** Compact JSON. */
  public static String write(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes can always be written", e);
    }
  }

  /** Whether two trees say the same; 1 and 1.0 and a long 1 are one number. */
  public static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1,
        other);
  }

  /** The object at {@code name}, made when it is absent or something else. */
  public static ObjectNode child(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode found ? found : parent.putObject(name);
  }
}
