package dev.berth.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import java.time.Instant;
import java.util.List;

/** Renders objects as the Table that a client prints. */
public final class Tables {
  /** What a row carries besides its cells. */
  public enum Include {
    /** Only the metadata. */
    METADATA,
    /** The whole object. */
    OBJECT,
    /** Nothing. */
    NONE
  }

  private final List<Column> columns;
  private final Include include;
  private final Instant now;

  /** Tables of {@code type} with ages as of {@code now}. */
  public Tables(ResourceType type, Include include, Instant now) {
    JsonNode crd = type.crd();
    this.columns = crd == null ? BuiltInColumns.of(type.qualifiedPlural()) : CustomColumns.of(crd);
    this.include = include;
    this.now = now;
  }

  /** One row for each object. */
  public ObjectNode table(List<ObjectNode> objects, String revision) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", revision);
    ArrayNode definitions = table.putArray("columnDefinitions");
    columns.forEach(column -> definitions.add(column.definition()));
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      columns.forEach(column -> cells.add(column.cell().of(object, now)));
      addObject(row, object);
    }
    return table;
  }

  private void addObject(ObjectNode row, ObjectNode object) {
    if (include == Include.OBJECT) {
      row.set("object", object);
    } else if (include == Include.METADATA) {
      ObjectNode partial = row.putObject("object");
      partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", object.path("metadata"));
    }
  }
}
