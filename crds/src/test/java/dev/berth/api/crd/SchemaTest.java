package dev.berth.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SchemaTest {

  static final List<Class<? extends CustomResource<?, ?>>> KINDS = CrdFiles.KINDS;

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyFieldIsDescribed(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    List<String> missing = new ArrayList<>();
    visit(
        kind,
        (path, schema) -> {
          // The API server lets nobody describe the metadata of an object.
          boolean described =
              !path.equals(".metadata") && !path.endsWith("[]") && !path.endsWith("{}");
          if (described && schema.path("description").asText().isBlank()) {
            missing.add(path);
          }
        });
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyRuleSaysWhatIsWrongAndWhere(Class<? extends CustomResource<?, ?>> kind)
      throws IOException {
    List<String> bad = new ArrayList<>();
    visit(
        kind,
        (path, schema) -> {
          Set<JsonNode> seen = new HashSet<>();
          for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String field = rule.path("fieldPath").asText();
            boolean known = schema.has("properties") && !find(schema, field).isMissingNode();
            if (rule.path("message").asText().isBlank() || !known || !seen.add(rule)) {
              bad.add(path + ": " + rule);
            }
          }
        });
    assertThat(bad).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyListAndTextOfTheSpecIsBounded(Class<? extends CustomResource<?, ?>> kind)
      throws IOException {
    List<String> unbounded = new ArrayList<>();
    visit(
        kind,
        (path, schema) -> {
          boolean ours =
              path.startsWith(".spec")
                  && !path.contains("elector.")
                  && !path.contains(".tolerations[]")
                  && !path.contains(".from[]");
          boolean bounded =
              switch (schema.path("type").asText()) {
                case "array" -> schema.has("maxItems");
                case "string" -> schema.has("maxLength") || schema.has("enum");
                case "integer" -> schema.has("maximum");
                case "object" -> !schema.has("additionalProperties") || schema.has("maxProperties");
                default -> true;
              };
          if (ours && !bounded) {
            unbounded.add(path);
          }
        });
    assertThat(unbounded).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void noObjectIsDefaulted(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    List<String> defaulted = new ArrayList<>();
    visit(
        kind,
        (path, schema) -> {
          if (schema.has("default") && schema.get("default").isContainerNode()) {
            defaulted.add(path);
          }
        });
    assertThat(defaulted)
        .as("a defaulted member would stay when a user chooses another one of the union")
        .isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void theSpecIsRequired(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    assertThat(
            StreamSupport.stream(schemaOf(kind).get("required").spliterator(), false)
                .map(JsonNode::asText))
        .containsExactly("spec");
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void conditionsMergeByType(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    JsonNode conditions = schemaOf(kind).at("/properties/status/properties/conditions");
    assertThat(conditions.get("x-kubernetes-list-type").asText()).isEqualTo("map");
    assertThat(conditions.at("/x-kubernetes-list-map-keys/0").asText()).isEqualTo("type");
    assertThat(conditions.at("/items/properties/lastTransitionTime/format").asText())
        .isEqualTo("date-time");
    assertThat(conditions.at("/items/properties/observedGeneration/format").asText())
        .isEqualTo("int64");
  }

  private static JsonNode schemaOf(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    return CrdFiles.YAML
        .readTree(CrdFiles.checkedIn(kind))
        .at("/spec/versions/0/schema/openAPIV3Schema");
  }

  private static void visit(
      Class<? extends CustomResource<?, ?>> kind, BiConsumer<String, JsonNode> visitor)
      throws IOException {
    visit("", schemaOf(kind), visitor);
  }

  private static void visit(String path, JsonNode schema, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(path, schema);
    schema
        .path("properties")
        .properties()
        .forEach(entry -> visit(path + "." + entry.getKey(), entry.getValue(), visitor));
    if (schema.has("items")) {
      visit(path + "[]", schema.get("items"), visitor);
    }
    if (schema.has("additionalProperties")) {
      visit(path + "{}", schema.get("additionalProperties"), visitor);
    }
  }

  private static JsonNode find(JsonNode schema, String fieldPath) {
    return schema.at(fieldPath.replace(".", "/properties/"));
  }
}
