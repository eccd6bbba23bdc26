package dev.berth.registry.retention.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A state as it is stored. */
final class StateFormat {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StateFormat() {}

  /**
   * Reads a whole state.
   *
   * @throws IOException when this is none
   */
  static RetentionState read(String text) throws IOException {
    RetentionState state = JSON.readValue(text, RetentionState.class);
    if (state == null) {
      throw new IOException("it is null");
    }
    return state;
  }

  static String write(RetentionState state) {
    try {
      return JSON.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the state of retention cannot be written", e);
    }
  }
}
