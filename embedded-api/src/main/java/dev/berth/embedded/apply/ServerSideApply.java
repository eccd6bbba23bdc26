package dev.berth.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.apply.ManagedFields.Owner;
import dev.berth.embedded.resource.FieldSchema;
import dev.berth.embedded.resource.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Server-side apply: what a manager applies is merged into the live object, what it applied before
 * and no longer does is removed unless somebody else owns it too, and a change of somebody else's
 * field is a conflict unless forced.
 */
public final class ServerSideApply {
  private final FieldSchema schema;
  private final Owner owner;
  private final boolean force;
  private final String now;

  /** One application by {@code owner} at the time {@code now}. */
  public ServerSideApply(FieldSchema schema, Owner owner, boolean force, String now) {
    this.schema = schema;
    this.owner = owner;
    this.force = force;
    this.now = now;
  }

  /** The object and its owners after the application. */
  public record Result(ObjectNode object, ManagedFields managed) {}

  /** A field that somebody else set to something else. */
  public record Conflict(String field, Owner owner) {}

  /** Thrown when fields of other managers would change and force was not asked for. */
  public static final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Conflict> conflicts;

    ConflictException(List<Conflict> conflicts) {
      super("Apply failed with " + conflicts.size() + " conflict(s)");
      this.conflicts = conflicts;
    }

    /** Each conflicting field. */
    public List<Conflict> conflicts() {
      return conflicts;
    }
  }

  /** Applies to an existing object. */
  public Result to(ObjectNode live, ObjectNode applied) {
    FieldSet appliedFields = FieldSet.of(applied, schema);
    ManagedFields managed = ManagedFields.of(live);
    ObjectNode merged = live.deepCopy();
    Merge.into(merged, applied, schema);
    FieldSet changed = FieldSet.changed(live, merged, schema);
    List<Conflict> conflicts = conflicts(managed, changed);
    if (!conflicts.isEmpty() && !force) {
      throw new ConflictException(conflicts);
    }
    FieldSet before = managed.fieldsOf(owner);
    ManagedFields left = managed.without(owner, changed);
    prune(merged, before.minus(appliedFields), left.fieldsOfOthers(owner).plus(appliedFields));
    return new Result(merged, left.with(owner, appliedFields, now));
  }

  /** Owners of an object that the application creates. */
  public ManagedFields created(ObjectNode applied) {
    return ManagedFields.NONE.with(owner, FieldSet.of(applied, schema), now);
  }

  private List<Conflict> conflicts(ManagedFields managed, FieldSet changed) {
    List<Conflict> found = new ArrayList<>();
    for (var other : managed.others(owner)) {
      for (FieldPath path : other.getValue().fields().and(changed).paths()) {
        found.add(new Conflict(path.toString(), other.getKey()));
      }
    }
    return found;
  }

  private void prune(ObjectNode merged, FieldSet dropped, FieldSet kept) {
    dropped.paths().stream()
        .sorted(Comparator.comparingInt(path -> path.elements().size()))
        .filter(path -> !kept.hasAtOrBelow(path))
        .forEach(
            path -> {
              path.removeFrom(merged, schema);
              removeEmptyParents(merged, path.parent(), kept);
            });
  }

  private void removeEmptyParents(ObjectNode merged, FieldPath path, FieldSet kept) {
    if (path.elements().size() < 2 || kept.hasAtOrBelow(path)) {
      return;
    }
    JsonNode node = path.find(merged, schema);
    if (node != null && node.isContainerNode() && node.isEmpty()) {
      path.removeFrom(merged, schema);
      removeEmptyParents(merged, path.parent(), kept);
    }
  }

  /** An applied configuration without what apply ignores. */
  public static ObjectNode withoutNulls(ObjectNode applied) {
    ObjectNode clean = Json.object();
    applied
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode object) {
                clean.set(field.getKey(), withoutNulls(object));
              } else if (!field.getValue().isNull()) {
                clean.set(field.getKey(), field.getValue());
              }
            });
    return clean;
  }
}
