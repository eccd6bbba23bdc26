package dev.berth.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads of {@code metadata.managedFields} only what this operator set. Everything that is watched
 * is kept in memory, and two fifths of that would be such lists. Only the operator's own is asked
 * for: a child is compared in the fields that the operator applied.
 */
public final class OwnFields extends StdDeserializer<List<ManagedFieldsEntry>> {
  private static final long serialVersionUID = 1;

  /** Who the operator is to server-side apply. */
  public static final String MANAGER = "berth";

  /** How a client of the operator reads and writes objects. */
  public static KubernetesSerialization serialization() {
    return new KubernetesSerialization(
        new ObjectMapper().addMixIn(ObjectMeta.class, Lean.class), true);
  }

  private interface Lean {
    @JsonProperty("managedFields")
    @JsonDeserialize(using = OwnFields.class)
    void setManagedFields(List<ManagedFieldsEntry> entries);
  }

  OwnFields() {
    super(List.class);
  }

  @Override
  public List<ManagedFieldsEntry> deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    List<ManagedFieldsEntry> own =
        Arrays.stream(context.readValue(json, ManagedFieldsEntry[].class))
            .filter(OwnFields::isCompared)
            .toList();
    own.forEach(entry -> entry.setFieldsV1(compact(entry.getFieldsV1())));
    return own;
  }

  /** A status is compared by its content. */
  private static boolean isCompared(ManagedFieldsEntry entry) {
    return MANAGER.equals(entry.getManager())
        && (entry.getSubresource() == null || entry.getSubresource().isEmpty());
  }

  private static @Nullable FieldsV1 compact(@Nullable FieldsV1 fields) {
    if (fields == null) {
      return null;
    }
    FieldsV1 compact = new FieldsV1();
    compact.setAdditionalProperties(compact(fields.getAdditionalProperties()));
    return compact;
  }

  /** Most of these maps are empty, and say no more than that there is such a field. */
  private static Map<String, Object> compact(Map<?, ?> fields) {
    return fields.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                field -> (String) field.getKey(), field -> compact((Map<?, ?>) field.getValue())));
  }
}
