package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.write.StatusException.Cause;
import dev.berth.embedded.write.WriteOptions.FieldValidation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds custom resources to the schema of their definition: unknown fields are dropped, defaults
 * filled in, and the rest is validated. CEL rules are not evaluated.
 */
final class CustomResourceSchemas {
  private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V4);
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().nullableKeywordEnabled(true).build();
  private final Map<JsonNode, JsonSchema> compiled =
      Collections.synchronizedMap(new IdentityHashMap<>());

  void admit(ResourceType type, ObjectNode object, FieldValidation validation) {
    JsonNode crd = type.crd();
    if (crd == null) {
      return;
    }
    JsonNode schema = crd.at("/schema/openAPIV3Schema");
    String name = object.at("/metadata/name").asText();
    List<String> unknown = StructuralFields.prune(object, schema);
    if (!unknown.isEmpty() && validation == FieldValidation.STRICT) {
      List<String> errors =
          unknown.stream().map(field -> "unknown field \"" + field + "\"").toList();
      throw StatusException.badRequest(
          type.kind()
              + " in version \""
              + type.version()
              + "\" cannot be handled as a "
              + type.kind()
              + ": strict decoding error: "
              + String.join(", ", errors));
    }
    StructuralFields.fillDefaults(object, schema);
    List<Cause> causes = new ArrayList<>();
    JsonSchema rules = compiled.computeIfAbsent(schema, s -> factory.getSchema(s, config));
    for (ValidationMessage message : rules.validate(object)) {
      causes.add(cause(message));
    }
    if (!causes.isEmpty()) {
      throw StatusException.invalid(type, name, causes);
    }
  }

  private static Cause cause(ValidationMessage message) {
    String at = field(message.getInstanceLocation().toString());
    JsonNode value = message.getInstanceNode();
    return switch (message.getType()) {
      case "required" ->
          new Cause(
              "FieldValueRequired",
              at.isEmpty() ? message.getProperty() : at + "." + message.getProperty(),
              "Required value");
      case "enum" ->
          new Cause(
              "FieldValueNotSupported",
              at,
              "Unsupported value: " + value + ": supported values: " + supported(message));
      case "type" -> new Cause("FieldValueTypeInvalid", at, invalid(value, message));
      default -> new Cause("FieldValueInvalid", at, invalid(value, message));
    };
  }

  private static String supported(ValidationMessage message) {
    List<String> values = new ArrayList<>();
    message.getSchemaNode().forEach(value -> values.add(value.toString()));
    return String.join(", ", values);
  }

  private static String invalid(JsonNode value, ValidationMessage message) {
    return "Invalid value: " + value + ": " + message.getError();
  }

  /** {@code /spec/ports/0/name} or {@code $.spec.ports[0].name} as {@code spec.ports[0].name}. */
  private static String field(String location) {
    return location.startsWith("$")
        ? location.replaceFirst("^\\$\\.?", "")
        : location.substring(Math.min(1, location.length())).replace('/', '.');
  }
}
