package dev.berth.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Merge rules that a custom resource's OpenAPI schema states by its x-kubernetes extensions. */
public record StructuralSchema(JsonNode schema) implements FieldSchema {

  /** The whole object: metadata follows the built-in rules whatever the schema says. */
  public static FieldSchema root(JsonNode schema) {
    return new Root(new StructuralSchema(schema));
  }

  @Override
  public FieldSchema field(String name) {
    JsonNode property = schema.path("properties").path(name);
    return new StructuralSchema(
        property.isMissingNode() ? schema.path("additionalProperties") : property);
  }

  @Override
  public FieldSchema items() {
    return new StructuralSchema(schema.path("items"));
  }

  @Override
  public boolean atomicObject() {
    return schema.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  @Override
  public boolean declares(String name) {
    return schema.path("properties").has(name);
  }

  @Override
  public ListKind listKind() {
    return switch (schema.path("x-kubernetes-list-type").asText()) {
      case "map" -> ListKind.MAP;
      case "set" -> ListKind.SET;
      default -> ListKind.ATOMIC;
    };
  }

  @Override
  public List<String> listKeys() {
    List<String> keys = new ArrayList<>();
    schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  @Override
  public ObjectNode keyOf(ObjectNode item) {
    ObjectNode key = Json.object();
    for (String field : listKeys()) {
      JsonNode value = item.path(field);
      if (value.isMissingNode()) {
        value = schema.path("items").path("properties").path(field).path("default");
      }
      if (!value.isMissingNode()) {
        key.set(field, value);
      }
    }
    return key;
  }

  private record Root(StructuralSchema body) implements FieldSchema {
    @Override
    public FieldSchema field(String name) {
      return name.equals("metadata") ? BuiltInSchema.root("").field(name) : body.field(name);
    }

    @Override
    public FieldSchema items() {
      return body.items();
    }

    @Override
    public boolean atomicObject() {
      return false;
    }

    @Override
    public boolean declares(String name) {
      return name.equals("metadata") || body.declares(name);
    }

    @Override
    public ListKind listKind() {
      return ListKind.ATOMIC;
    }

    @Override
    public List<String> listKeys() {
      return List.of();
    }

    @Override
    public ObjectNode keyOf(ObjectNode item) {
      return body.keyOf(item);
    }
  }
}
