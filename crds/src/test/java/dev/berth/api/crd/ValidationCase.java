package dev.berth.api.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object that the API server accepts or refuses.
 *
 * @param named its name; null: one that the API server makes
 * @param then the spec of a later update, which is then what is accepted or refused
 * @param refused part of the message of the refusal; null: it is accepted
 * @param field what the refusal names
 */
record ValidationCase(
    @JsonProperty("case") String name,
    String kind,
    @Nullable String named,
    ObjectNode spec,
    @Nullable ObjectNode then,
    @Nullable String refused,
    @Nullable String field) {

  static List<ValidationCase> all() throws IOException {
    try (InputStream in = ValidationCase.class.getResourceAsStream("validation.yaml")) {
      return CrdFiles.YAML.readValue(in, new TypeReference<>() {});
    }
  }

  @Override
  public String toString() {
    return "%s: %s is %s".formatted(kind, name, refused == null ? "accepted" : "refused");
  }
}
