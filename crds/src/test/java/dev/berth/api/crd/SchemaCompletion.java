package dev.berth.api.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds to a generated CRD what the model says and the generator does not write. */
final class SchemaCompletion {

  /** Lists whose entries server-side apply merges by these keys. */
  private static final Map<String, List<String>> MAP_KEYS =
      Map.of(
          "conditions", List.of("type"),
          "endpoints", List.of("url"),
          "notifications", List.of("name"),
          "oidc", List.of("issuer"),
          "imagePullSecrets", List.of("name"));

  private static final Set<String> INSTANTS = Set.of("at", "notAfter", "lastTransitionTime");

  private final Class<? extends CustomResource<?, ?>> kind;

  SchemaCompletion(Class<? extends CustomResource<?, ?>> kind) {
    this.kind = kind;
  }

  void complete(ObjectNode crd) {
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    orderColumns((ArrayNode) version.get("additionalPrinterColumns"));
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    schema.put("description", kind.getAnnotation(JsonClassDescription.class).value());
    if (schema.has("x-kubernetes-validations")) {
      describeName(schema);
    }
    Type[] specAndStatus =
        ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
    ObjectNode spec = (ObjectNode) schema.at("/properties/spec");
    spec.put("description", "What the %s should be.".formatted(kind.getSimpleName()));
    components((Class<?>) specAndStatus[0], spec);
    ObjectNode status = (ObjectNode) schema.at("/properties/status");
    status.put("description", "What the %s is. Berth writes it.".formatted(kind.getSimpleName()));
    components((Class<?>) specAndStatus[1], status);
    writeWholeNumbersAsSuch(schema);
  }

  /** A rule on the name can point at it only when the schema has it. */
  private static void describeName(ObjectNode schema) {
    ObjectNode metadata = ((ObjectNode) schema.get("properties")).putObject("metadata");
    metadata.put("type", "object");
    metadata
        .putObject("properties")
        .putObject("name")
        .put("type", "string")
        .put("description", "Name of the object; Services are named after it.");
  }

  private void orderColumns(ArrayNode columns) {
    List<JsonNode> ordered = new ArrayList<>();
    for (AdditionalPrinterColumn column :
        kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      columns.forEach(
          node -> {
            if (node.get("name").asText().equals(column.name())) {
              ordered.add(node);
            }
          });
    }
    columns.removeAll();
    columns.addAll(ordered);
  }

  private static void components(Class<?> type, ObjectNode schema) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
      String name = renamed == null ? component.getName() : renamed.value();
      ObjectNode property = (ObjectNode) schema.at("/properties/" + name);
      if (INSTANTS.contains(name) || name.endsWith("At")) {
        property.put("format", "date-time");
      }
      if (MAP_KEYS.containsKey(name)) {
        property.put("x-kubernetes-list-type", "map");
        MAP_KEYS.get(name).forEach(property.putArray("x-kubernetes-list-map-keys")::add);
      } else if (property.at("/items").has("enum")) {
        property.put("x-kubernetes-list-type", "set");
      }
      value(component.getAnnotatedType(), property);
    }
  }

  private static void value(AnnotatedType annotated, ObjectNode schema) {
    if (annotated instanceof AnnotatedParameterizedType generic) {
      AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
      String content = arguments.length == 1 ? "items" : "additionalProperties";
      value(arguments[arguments.length - 1], (ObjectNode) schema.get(content));
      return;
    }
    Class<?> type = (Class<?>) annotated.getType();
    if (type.isRecord()) {
      components(type, schema);
    } else if (type == Long.class) {
      schema.put("format", "int64");
    } else if (type == Integer.class) {
      schema.put("format", "int32");
    } else if (JsonNode.class.isAssignableFrom(type)) {
      schema.put("type", "object");
    } else if (schema.has("x-kubernetes-int-or-string")) {
      intOrString(annotated, schema);
    } else if (schema.has("properties")) {
      ForeignTypes.describe(schema);
    }
  }

  private static void intOrString(AnnotatedType annotated, ObjectNode schema) {
    Pattern pattern = annotated.getAnnotation(Pattern.class);
    if (pattern != null) {
      schema.put("pattern", pattern.value());
    }
    Min min = annotated.getAnnotation(Min.class);
    if (min != null) {
      schema.put("minimum", min.value());
    }
    Max max = annotated.getAnnotation(Max.class);
    if (max != null) {
      schema.put("maximum", max.value());
    }
  }

  private static void writeWholeNumbersAsSuch(ObjectNode schema) {
    schema
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof DoubleNode number
                  && number.doubleValue() == Math.rint(number.doubleValue())) {
                entry.setValue(LongNode.valueOf(number.longValue()));
              } else if (entry.getValue() instanceof ObjectNode child) {
                writeWholeNumbersAsSuch(child);
              }
            });
  }
}
