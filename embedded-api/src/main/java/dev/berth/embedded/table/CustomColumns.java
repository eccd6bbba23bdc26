package dev.berth.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns that a CustomResourceDefinition declares. */
final class CustomColumns {
  private static final Configuration JSON_PATH =
      Configuration.builder()
          .jsonProvider(new JacksonJsonNodeJsonProvider())
          .mappingProvider(new JacksonMappingProvider())
          .options(Option.SUPPRESS_EXCEPTIONS)
          .build();

  private CustomColumns() {}

  static List<Column> of(JsonNode crdVersion) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.NAME);
    for (JsonNode declared : crdVersion.path("additionalPrinterColumns")) {
      columns.add(column(declared));
    }
    if (columns.size() == 1) {
      columns.add(Column.AGE);
    }
    return columns;
  }

  private static Column column(JsonNode declared) {
    String type = declared.path("type").asText("string");
    JsonPath path = compile(declared.path("jsonPath").asText());
    return new Column(
        declared.path("name").asText(),
        type.equals("date") ? "string" : type,
        declared.path("format").asText(""),
        declared.path("priority").asInt(0),
        (object, now) -> cell(path, type, object, now));
  }

  private static @Nullable JsonPath compile(String path) {
    try {
      return JsonPath.compile("$" + path);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static JsonNode cell(@Nullable JsonPath path, String type, JsonNode object, Instant now) {
    if (path == null) {
      return NullNode.getInstance();
    }
    JsonNode found = path.read(object, JSON_PATH);
    if (found instanceof ArrayNode list && !path.isDefinite()) {
      found = list.isEmpty() ? null : list.get(0);
    }
    if (found == null || found.isMissingNode() || found.isNull()) {
      return NullNode.getInstance();
    }
    if (type.equals("date")) {
      return Column.text(Age.since(found.asText(), now));
    }
    return found.isContainerNode() ? Column.text(found.toString()) : found;
  }
}
