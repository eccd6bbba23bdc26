package dev.berth.registry.retention.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/** A state as it is stored. */
final class StateFormat {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StateFormat() {}

  static RetentionState read(String text) {
    try {
      return JSON.readValue(text, RetentionState.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the state of retention cannot be read", e);
    }
  }

  static String write(RetentionState state) {
    try {
      return JSON.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the state of retention cannot be written", e);
    }
  }
}
