package dev.berth.registry.metadata.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Annotations as one JSON text, null where there are none. */
final class AnnotationsColumn {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  private AnnotationsColumn() {}

  static @Nullable String write(Map<String, String> annotations) {
    try {
      return annotations.isEmpty() ? null : JSON.writeValueAsString(annotations);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("annotations that cannot be written", e);
    }
  }

  static Map<String, String> read(@Nullable String column) {
    try {
      return column == null ? Map.of() : JSON.readValue(column, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("annotations that cannot be read", e);
    }
  }
}
