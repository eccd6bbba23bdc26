package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import dev.berth.embedded.resource.FieldSchema.ListKind;
import dev.berth.embedded.resource.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A set of fields of an object, kept and written as FieldsV1. */
record FieldSet(Set<FieldPath> paths) {
  static final FieldSet EMPTY = new FieldSet(Set.of());
  private static final Set<String> UNOWNED_METADATA =
      Set.of(
          "name",
          "namespace",
          "uid",
          "selfLink",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields");

  /** The fields that an object sets, less those that belong to the API server. */
  static FieldSet of(ObjectNode object, FieldSchema schema) {
    Set<FieldPath> found = new LinkedHashSet<>();
    ObjectNode owned = object.deepCopy();
    owned.remove(Set.of("apiVersion", "kind"));
    if (owned.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(UNOWNED_METADATA);
      if (metadata.isEmpty()) {
        owned.remove("metadata");
      }
    }
    collectFields(FieldPath.ROOT, owned, schema, found);
    return new FieldSet(found);
  }

  static FieldSet fromFieldsV1(JsonNode fields) {
    Set<FieldPath> found = new LinkedHashSet<>();
    read(FieldPath.ROOT, fields, found);
    return new FieldSet(found);
  }

  /** Fields whose value or presence differs between two states of an object. */
  static FieldSet changed(ObjectNode before, ObjectNode after, FieldSchema schema) {
    FieldSet old = of(before, schema);
    return of(after, schema)
        .filter(
            path -> {
              if (!old.paths.contains(path)) {
                return true;
              }
              JsonNode then = path.find(before, schema);
              JsonNode now = path.find(after, schema);
              boolean innerNode = isItem(path) && old.paths.stream().anyMatch(p -> p.isBelow(path));
              return !innerNode && !Json.same(then, now);
            });
  }

  FieldSet filter(Predicate<FieldPath> kept) {
    return new FieldSet(
        paths.stream().filter(kept).collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  FieldSet minus(FieldSet other) {
    return filter(path -> !other.paths.contains(path));
  }

  FieldSet and(FieldSet other) {
    return filter(other.paths::contains);
  }

  FieldSet plus(FieldSet other) {
    Set<FieldPath> all = new LinkedHashSet<>(paths);
    all.addAll(other.paths);
    return new FieldSet(all);
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  boolean hasAtOrBelow(FieldPath path) {
    return paths.stream().anyMatch(p -> p.equals(path) || p.isBelow(path));
  }

  ObjectNode toFieldsV1() {
    ObjectNode root = Json.object();
    for (FieldPath path : paths) {
      ObjectNode node = root;
      for (String element : path.elements()) {
        node = Json.child(node, element);
      }
      boolean hasChildren = paths.stream().anyMatch(p -> p.isBelow(path));
      if (hasChildren) {
        node.putObject(".");
      }
    }
    return root;
  }

  private static boolean isItem(FieldPath path) {
    return !path.elements().isEmpty() && path.elements().getLast().startsWith("k:");
  }

  private static void read(FieldPath path, JsonNode node, Set<FieldPath> found) {
    if (node.isEmpty() && !path.elements().isEmpty()) {
      found.add(path);
    }
    node.properties()
        .forEach(
            child -> {
              if (child.getKey().equals(".")) {
                found.add(path);
              } else {
                read(path.plus(child.getKey()), child.getValue(), found);
              }
            });
  }

  private static void collectFields(
      FieldPath path, JsonNode object, FieldSchema schema, Set<FieldPath> found) {
    object
        .properties()
        .forEach(
            field -> {
              FieldPath child = path.field(field.getKey());
              JsonNode value = field.getValue();
              collect(child, value, schema.field(field.getKey()), found);
              boolean emptyMap = value.isObject() && value.isEmpty();
              boolean mapEntry = !path.elements().isEmpty() && !schema.declares(field.getKey());
              if (emptyMap || (mapEntry && !value.isObject())) {
                found.add(child);
              }
            });
  }

  private static void collect(
      FieldPath path, JsonNode value, FieldSchema schema, Set<FieldPath> found) {
    if (value.isObject() && !schema.atomicObject()) {
      collectFields(path, value, schema, found);
    } else if (value.isArray() && schema.listKind() == ListKind.SET) {
      value.forEach(item -> found.add(path.value(item)));
    } else if (value.isArray() && schema.listKind() == ListKind.MAP) {
      for (JsonNode item : value) {
        if (item instanceof ObjectNode object) {
          FieldPath itemPath = path.item(schema.keyOf(object));
          found.add(itemPath);
          if (!schema.items().atomicObject()) {
            collectFields(itemPath, item, schema.items(), found);
          }
        }
      }
    } else {
      found.add(path);
    }
  }
}
