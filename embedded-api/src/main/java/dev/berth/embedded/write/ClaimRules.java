package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException.Cause;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** How a PersistentVolumeClaim may change: it gets its volume once, and grows when it has it. */
final class ClaimRules {
  private static final String SIZE = "/resources/requests/storage";

  private final ObjectStore store;

  ClaimRules(ObjectStore store) {
    this.store = store;
  }

  void checkUpdate(ResourceType type, String name, ObjectNode live, ObjectNode object) {
    if (!type.is("", "persistentvolumeclaims")) {
      return;
    }
    JsonNode was = live.path("spec");
    JsonNode is = object.path("spec");
    boolean bound = live.path("status").path("phase").asText().equals("Bound");
    int change = size(is).compareTo(size(was));
    if (!Json.same(fixed(was, was, bound), fixed(is, was, bound))) {
      throw invalid(
          type,
          name,
          "spec",
          "Forbidden: spec is immutable after creation except resources.requests and"
              + " volumeAttributesClassName for bound claims");
    }
    if (change < 0) {
      throw invalid(
          type,
          name,
          "spec.resources.requests.storage",
          "Forbidden: field can not be less than status.capacity");
    }
    if (change > 0 && !mayGrow(was.path("storageClassName").asText(""))) {
      throw StatusException.forbidden(
          type,
          name,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions"
              + " the pvc must support resize",
          List.of());
    }
  }

  /** Of a class that nobody made here nothing is known, and nothing refused. */
  private boolean mayGrow(String storageClass) {
    return store
        .get(new ObjectKey("storage.k8s.io", "storageclasses", "", storageClass))
        .map(found -> found.path("allowVolumeExpansion").asBoolean(false))
        .orElse(true);
  }

  private static ObjectNode fixed(JsonNode spec, JsonNode was, boolean bound) {
    ObjectNode fixed = spec.deepCopy();
    if (was.path("volumeName").asText("").isEmpty()) {
      fixed.remove("volumeName");
    }
    if (bound || size(spec).compareTo(size(was)) == 0) {
      fixed.remove("resources");
    }
    return fixed;
  }

  private static BigDecimal size(JsonNode spec) {
    String size = spec.at(SIZE).asText("");
    return size.isEmpty() ? BigDecimal.ZERO : new Quantity(size).getNumericalAmount();
  }

  private static StatusException invalid(
      ResourceType type, String name, String field, String detail) {
    return StatusException.invalid(
        type, name, List.of(new Cause("FieldValueForbidden", field, detail)));
  }
}
