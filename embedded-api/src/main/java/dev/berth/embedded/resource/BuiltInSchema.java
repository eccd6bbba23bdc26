package dev.berth.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merge rules of the built-in kinds, by field name and the field that holds it. Kubernetes
 * publishes them per type; names are enough here because no two served types disagree under the
 * same parent.
 */
public record BuiltInSchema(String kind, String parent, String name) implements FieldSchema {
  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry("containers", List.of("name")),
          Map.entry("initContainers", List.of("name")),
          Map.entry("ephemeralContainers", List.of("name")),
          Map.entry("env", List.of("name")),
          Map.entry("volumes", List.of("name")),
          Map.entry("resourceClaims", List.of("name")),
          Map.entry("schedulingGates", List.of("name")),
          Map.entry("webhooks", List.of("name")),
          Map.entry("volumeMounts", List.of("mountPath")),
          Map.entry("volumeDevices", List.of("devicePath")),
          Map.entry("hostAliases", List.of("ip")),
          Map.entry("podIPs", List.of("ip")),
          Map.entry("hostIPs", List.of("ip")),
          Map.entry("conditions", List.of("type")),
          Map.entry("ownerReferences", List.of("uid")),
          Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")));
  private static final Set<String> CONTAINERS =
      Set.of("containers", "initContainers", "ephemeralContainers");
  private static final Set<String> ATOMIC_OBJECTS =
      Set.of(
          "secretKeyRef",
          "configMapKeyRef",
          "fieldRef",
          "resourceFieldRef",
          "secretRef",
          "nodeSelector",
          "matchLabels",
          "claimRef",
          "localObjectReference",
          "roleRef",
          "involvedObject",
          "scaleTargetRef",
          "namespaceSelector",
          "podSelector",
          "labelSelector",
          "requiredDuringSchedulingIgnoredDuringExecution",
          "targetRef",
          "dataSource");
  private static final Set<String> MAPS =
      Set.of(
          "labels",
          "annotations",
          "data",
          "binaryData",
          "stringData",
          "limits",
          "requests",
          "capacity",
          "allocatable",
          "parameters",
          "hard",
          "used");

  private static final Set<String> ATOMIC_ITEMS = Set.of("ownerReferences", "imagePullSecrets");
  private static final String WHOLE_ITEM = "[]";

  /** The whole object of a built-in kind. */
  public static BuiltInSchema root(String kind) {
    return new BuiltInSchema(kind, "", "");
  }

  @Override
  public FieldSchema field(String child) {
    return new BuiltInSchema(kind, name, child);
  }

  @Override
  public FieldSchema items() {
    boolean whole = ATOMIC_ITEMS.contains(name);
    return whole ? new BuiltInSchema(kind, parent, WHOLE_ITEM) : this;
  }

  @Override
  public boolean atomicObject() {
    return ATOMIC_OBJECTS.contains(name) || name.equals("selector") || name.equals(WHOLE_ITEM);
  }

  @Override
  public boolean declares(String child) {
    return !MAPS.contains(name);
  }

  @Override
  public ListKind listKind() {
    if (name.equals("finalizers")) {
      return ListKind.SET;
    }
    return listKeys().isEmpty() ? ListKind.ATOMIC : ListKind.MAP;
  }

  @Override
  public List<String> listKeys() {
    return switch (name) {
      case "ports" ->
          CONTAINERS.contains(parent)
              ? List.of("containerPort", "protocol")
              : kind.equals("Service") && parent.equals("spec")
                  ? List.of("port", "protocol")
                  : List.of();
      case "imagePullSecrets" -> parent.equals("spec") ? List.of("name") : List.of();
      case "secrets" -> kind.equals("ServiceAccount") ? List.of("name") : List.of();
      case "addresses" -> kind.equals("Node") ? List.of("type") : List.of();
      default -> KEYS.getOrDefault(name, List.of());
    };
  }

  @Override
  public ObjectNode keyOf(ObjectNode item) {
    ObjectNode key = Json.object();
    for (String field : listKeys()) {
      JsonNode value = item.get(field);
      if (value != null) {
        key.set(field, value);
      } else if (field.equals("protocol")) {
        key.put(field, "TCP");
      }
    }
    return key;
  }
}
