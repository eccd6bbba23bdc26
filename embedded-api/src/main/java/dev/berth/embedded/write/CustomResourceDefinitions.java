package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.write.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Completes a definition: default names, and the status that says it is served. */
final class CustomResourceDefinitions {
  private CustomResourceDefinitions() {}

  static void complete(ResourceType type, ObjectNode definition) {
    ObjectNode spec = Json.child(definition, "spec");
    ObjectNode names = Json.child(spec, "names");
    String kind = names.path("kind").asText("");
    String plural = names.path("plural").asText("");
    String name = definition.path("metadata").path("name").asText();
    List<Cause> causes = new ArrayList<>();
    if (kind.isEmpty()) {
      causes.add(new Cause("FieldValueRequired", "spec.names.kind", "Required value"));
    }
    if (spec.path("versions").isEmpty()) {
      causes.add(new Cause("FieldValueRequired", "spec.versions", "Required value"));
    }
    if (!name.equals(plural + "." + spec.path("group").asText())) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              "metadata.name",
              "Invalid value: \"" + name + "\": must be spec.names.plural+\".\"+spec.group"));
    }
    if (!causes.isEmpty()) {
      throw StatusException.invalid(type, name, causes);
    }
    if (!names.has("singular")) {
      names.put("singular", kind.toLowerCase(Locale.ROOT));
    }
    if (!names.has("listKind")) {
      names.put("listKind", kind + "List");
    }
    if (!spec.has("conversion")) {
      spec.putObject("conversion").put("strategy", "None");
    }
    status(definition, spec, names);
  }

  private static void status(ObjectNode definition, ObjectNode spec, ObjectNode names) {
    ObjectNode status = Json.child(definition, "status");
    status.set("acceptedNames", names.deepCopy());
    ArrayNode stored = status.putArray("storedVersions");
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean()) {
        stored.add(version.path("name").asText());
      }
    }
    if (status.has("conditions")) {
      return;
    }
    String since = definition.path("metadata").path("creationTimestamp").asText();
    ArrayNode conditions = status.putArray("conditions");
    condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", since);
    condition(
        conditions,
        "Established",
        "InitialNamesAccepted",
        "the initial names have been accepted",
        since);
  }

  private static void condition(
      ArrayNode conditions, String type, String reason, String message, String since) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("lastTransitionTime", since)
        .put("reason", reason)
        .put("message", message);
  }
}
