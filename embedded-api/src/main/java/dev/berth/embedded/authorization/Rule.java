package dev.berth.embedded.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import java.util.ArrayList;
import java.util.List;

/** A rule of a Role or ClusterRole. */
public record Rule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls) {
  private static final String ANY = "*";

  static Rule of(JsonNode rule) {
    return new Rule(
        texts(rule.path("verbs")),
        texts(rule.path("apiGroups")),
        texts(rule.path("resources")),
        texts(rule.path("resourceNames")),
        texts(rule.path("nonResourceURLs")));
  }

  /** Whether it allows the action, wherever its binding holds. */
  public boolean allows(Action action) {
    return has(verbs, action.verb())
        && (action.isResource()
            ? allowsResource(action)
            : nonResourceUrls.stream().anyMatch(url -> covers(url, action.path())));
  }

  private boolean allowsResource(Action action) {
    return has(apiGroups, action.group())
        && (has(resources, action.resource()) || allowsSubresourceOfAny(action.resource()))
        && (resourceNames.isEmpty()
            || (!action.name().isEmpty() && resourceNames.contains(action.name())));
  }

  /** {@code *}{@code /scale} is the subresource of every resource. */
  private boolean allowsSubresourceOfAny(String resource) {
    int slash = resource.indexOf('/');
    return slash >= 0 && resources.contains(ANY + resource.substring(slash));
  }

  /** As a review of somebody's rules lists it. */
  ObjectNode toReview() {
    ObjectNode rule = Json.object();
    put(rule, "verbs", verbs);
    put(rule, "apiGroups", apiGroups);
    put(rule, "resources", resources);
    put(rule, "resourceNames", resourceNames);
    put(rule, "nonResourceURLs", nonResourceUrls);
    return rule;
  }

  private static boolean has(List<String> allowed, String wanted) {
    return allowed.contains(ANY) || allowed.contains(wanted);
  }

  private static boolean covers(String url, String path) {
    return url.endsWith(ANY)
        ? path.startsWith(url.substring(0, url.length() - 1))
        : url.equals(path);
  }

  private static void put(ObjectNode rule, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = rule.putArray(name);
      texts.forEach(array::add);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return List.copyOf(texts);
  }
}
