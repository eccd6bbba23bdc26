package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.resource.ResourceTypes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the API says it serves. */
final class Discovery {
  private static final Map<String, List<String>> REVIEWS =
      Map.of(
          "authorization.k8s.io",
          List.of(
              "SelfSubjectAccessReview",
              "SubjectAccessReview",
              "LocalSubjectAccessReview",
              "SelfSubjectRulesReview"),
          "authentication.k8s.io",
          List.of("TokenReview", "SelfSubjectReview"));

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  /** The document at a discovery path. */
  Optional<JsonNode> answer(List<String> segments) {
    return switch (segments.getFirst()) {
      case "version" -> segments.size() == 1 ? Optional.of(version()) : Optional.empty();
      case "api" ->
          switch (segments.size()) {
            case 1 -> Optional.of(versions());
            case 2 -> resources("", segments.get(1));
            default -> Optional.empty();
          };
      case "apis" ->
          switch (segments.size()) {
            case 1 -> Optional.of(groups());
            case 2 -> group(segments.get(1));
            case 3 -> resources(segments.get(1), segments.get(2));
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  /** Every served group version, as its path below the root. */
  Set<String> groupVersionPaths() {
    Set<String> paths = new LinkedHashSet<>();
    for (ResourceType type : types.all()) {
      paths.add((type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion());
    }
    return paths;
  }

  private static ObjectNode versions() {
    ObjectNode answer = Json.object().put("kind", "APIVersions");
    answer.putArray("versions").add("v1");
    answer.putArray("serverAddressByClientCIDRs");
    return answer;
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", "v1.32.0+berth-embedded")
        .put("platform", "linux/amd64");
  }

  private ObjectNode groups() {
    ObjectNode answer = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode list = answer.putArray("groups");
    versionsByGroup().forEach((group, versions) -> list.add(group(group, versions)));
    return answer;
  }

  private Optional<JsonNode> group(String name) {
    return Optional.ofNullable(versionsByGroup().get(name))
        .map(
            versions -> {
              ObjectNode answer = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
              answer.setAll(group(name, versions));
              return answer;
            });
  }

  private static ObjectNode group(String name, Set<String> versions) {
    ObjectNode group = Json.object().put("name", name);
    ArrayNode list = group.putArray("versions");
    for (String version : versions) {
      list.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", list.get(0).deepCopy());
    return group;
  }

  private Map<String, Set<String>> versionsByGroup() {
    Map<String, Set<String>> groups = new TreeMap<>();
    REVIEWS.keySet().forEach(group -> groups.put(group, Set.of("v1")));
    for (ResourceType type : types.all()) {
      if (!type.group().isEmpty()) {
        groups.computeIfAbsent(type.group(), g -> new LinkedHashSet<>()).add(type.version());
      }
    }
    return groups;
  }

  private Optional<JsonNode> resources(String group, String version) {
    ObjectNode answer = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    answer.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode list = answer.putArray("resources");
    for (ResourceType type : types.all()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        addType(list, type);
      }
    }
    if (version.equals("v1")) {
      REVIEWS.getOrDefault(group, List.of()).forEach(kind -> addReview(list, kind));
    }
    return list.isEmpty() ? Optional.empty() : Optional.of(answer);
  }

  private static void addType(ArrayNode list, ResourceType type) {
    ObjectNode entry = list.addObject();
    entry.put("name", type.plural()).put("singularName", type.singular());
    entry.put("namespaced", type.namespaced()).put("kind", type.kind());
    List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
        .forEach(entry.putArray("verbs")::add);
    if (!type.shortNames().isEmpty()) {
      type.shortNames().forEach(entry.putArray("shortNames")::add);
    }
    if (!type.categories().isEmpty()) {
      type.categories().forEach(entry.putArray("categories")::add);
    }
    for (String subresource : type.subresources()) {
      ObjectNode sub = list.addObject();
      sub.put("name", type.plural() + "/" + subresource).put("singularName", "");
      sub.put("namespaced", type.namespaced());
      if (subresource.equals("scale")) {
        sub.put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
      } else {
        sub.put("kind", type.kind());
      }
      List.of("get", "patch", "update").forEach(sub.putArray("verbs")::add);
    }
  }

  private static void addReview(ArrayNode list, String kind) {
    ObjectNode entry = list.addObject();
    entry.put("name", kind.toLowerCase(Locale.ROOT) + "s").put("singularName", "");
    entry.put("namespaced", kind.startsWith("Local")).put("kind", kind);
    entry.putArray("verbs").add("create");
  }
}
