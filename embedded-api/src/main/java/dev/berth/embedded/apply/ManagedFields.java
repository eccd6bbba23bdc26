package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.FieldSchema;
import dev.berth.embedded.resource.Json;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who set which field of one object: {@code metadata.managedFields}. Immutable. */
public record ManagedFields(Map<Owner, Owned> owners) {
  /** Nobody owns anything. */
  public static final ManagedFields NONE = new ManagedFields(Map.of());

  /**
   * One field manager.
   *
   * @param operation Apply or Update
   * @param subresource empty for the main endpoint
   */
  public record Owner(String name, String operation, String apiVersion, String subresource) {}

  /** What it owns, and since when. */
  record Owned(FieldSet fields, String time) {}

  /** Reads what an object carries. */
  public static ManagedFields of(JsonNode object) {
    Map<Owner, Owned> found = new LinkedHashMap<>();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.isEmpty()) {
        continue;
      }
      found.put(
          new Owner(
              entry.path("manager").asText(),
              entry.path("operation").asText(),
              entry.path("apiVersion").asText(),
              entry.path("subresource").asText("")),
          new Owned(FieldSet.fromFieldsV1(entry.path("fieldsV1")), entry.path("time").asText("")));
    }
    return new ManagedFields(found);
  }

  /** Writes it into an object. */
  public void writeTo(ObjectNode object) {
    ObjectNode metadata = Json.child(object, "metadata");
    if (owners.isEmpty()) {
      metadata.remove("managedFields");
      return;
    }
    ArrayNode list = metadata.putArray("managedFields");
    owners.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<Owner, Owned> e) -> e.getKey().operation())
                .thenComparing(e -> e.getValue().time())
                .thenComparing(e -> e.getKey().name()))
        .forEach(
            e -> {
              ObjectNode entry = list.addObject();
              entry.put("manager", e.getKey().name());
              entry.put("operation", e.getKey().operation());
              entry.put("apiVersion", e.getKey().apiVersion());
              entry.put("time", e.getValue().time());
              entry.put("fieldsType", "FieldsV1");
              entry.set("fieldsV1", e.getValue().fields().toFieldsV1());
              if (!e.getKey().subresource().isEmpty()) {
                entry.put("subresource", e.getKey().subresource());
              }
            });
  }

  /** After {@code owner} wrote {@code after} over {@code before} without server-side apply. */
  public ManagedFields updated(
      Owner owner, @Nullable ObjectNode before, ObjectNode after, FieldSchema schema, String now) {
    ObjectNode old = before == null ? Json.object() : before;
    FieldSet changed = FieldSet.changed(old, after, schema);
    FieldSet removed = FieldSet.of(old, schema).minus(FieldSet.of(after, schema));
    if (changed.isEmpty() && removed.isEmpty()) {
      return this;
    }
    ManagedFields others = without(owner, changed.plus(removed));
    FieldSet own = fieldsOf(owner).minus(removed).plus(changed);
    return others.with(owner, own, now);
  }

  FieldSet fieldsOf(Owner owner) {
    Owned owned = owners.get(owner);
    return owned == null ? FieldSet.EMPTY : owned.fields();
  }

  /** What anybody but {@code owner} owns. */
  FieldSet fieldsOfOthers(Owner owner) {
    return owners.entrySet().stream()
        .filter(e -> !e.getKey().equals(owner))
        .map(e -> e.getValue().fields())
        .reduce(FieldSet.EMPTY, FieldSet::plus);
  }

  List<Map.Entry<Owner, Owned>> others(Owner owner) {
    return owners.entrySet().stream().filter(e -> !e.getKey().equals(owner)).toList();
  }

  ManagedFields without(Owner keeper, FieldSet taken) {
    Map<Owner, Owned> left = new LinkedHashMap<>();
    owners.forEach(
        (owner, owned) -> {
          FieldSet fields = owner.equals(keeper) ? owned.fields() : owned.fields().minus(taken);
          if (!fields.isEmpty()) {
            left.put(owner, new Owned(fields, owned.time()));
          }
        });
    return new ManagedFields(left);
  }

  ManagedFields with(Owner owner, FieldSet fields, String now) {
    if (fieldsOf(owner).equals(fields) && owners.containsKey(owner)) {
      return this;
    }
    Map<Owner, Owned> more = new LinkedHashMap<>(owners);
    if (fields.isEmpty()) {
      more.remove(owner);
    } else {
      more.put(owner, new Owned(fields, now));
    }
    return new ManagedFields(more);
  }
}
