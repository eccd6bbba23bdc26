package dev.berth.embedded.authorization;

import dev.berth.embedded.resource.ApiPath;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a request wants, in the words of RBAC.
 *
 * @param resource plural, with its subresource as in {@code deployments/scale}; empty: no resource
 *     but a path
 * @param namespace empty: no namespace, or all of them
 * @param name empty: no particular object
 * @param path of what is no resource, else empty
 */
public record Action(
    String verb, String group, String resource, String namespace, String name, String path) {

  /** What the request with this method, these segments of its path and this query wants. */
  public static Action of(String method, List<String> segments, Map<String, List<String>> query) {
    Optional<ApiPath> parsed = ApiPath.parse(segments);
    if (parsed.isEmpty()) {
      return new Action(
          method.toLowerCase(Locale.ROOT), "", "", "", "", "/" + String.join("/", segments));
    }
    ApiPath path = parsed.get();
    boolean isNamespace = path.group().isEmpty() && path.plural().equals("namespaces");
    String name = path.isCollection() ? nameSelected(query) : path.name();
    return new Action(
        verb(method, path, query),
        path.group(),
        path.subresource().isEmpty() ? path.plural() : path.plural() + "/" + path.subresource(),
        isNamespace ? path.name() : path.namespace(),
        name,
        "");
  }

  /** What server-side apply needs besides, where there is no such object yet. */
  public Action asCreate() {
    return new Action("create", group, resource, namespace, name, path);
  }

  boolean isResource() {
    return path.isEmpty();
  }

  /** In the words with which the API refuses it. */
  String refusal(Subject subject) {
    String who = "User \"%s\" cannot %s".formatted(subject.user(), verb);
    if (!isResource()) {
      return "forbidden: %s path \"%s\"".formatted(who, path);
    }
    String plural = resource.split("/", 2)[0];
    String qualified = group.isEmpty() ? plural : plural + "." + group;
    return "%s is forbidden: %s resource \"%s\" in API group \"%s\" %s"
        .formatted(
            name.isEmpty() ? qualified : "%s \"%s\"".formatted(qualified, name),
            who,
            resource,
            group,
            namespace.isEmpty()
                ? "at the cluster scope"
                : "in the namespace \"%s\"".formatted(namespace));
  }

  @Override
  public String toString() {
    return isResource()
        ? "%s %s%s%s%s"
            .formatted(
                verb,
                resource,
                group.isEmpty() ? "" : " of " + group,
                name.isEmpty() ? "" : " named " + name,
                namespace.isEmpty() ? " in the cluster" : " in namespace " + namespace)
        : verb + " " + path;
  }

  private static String verb(String method, ApiPath path, Map<String, List<String>> query) {
    return switch (method) {
      case "GET", "HEAD" -> isWatch(query) ? "watch" : path.isCollection() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> path.isCollection() ? "deletecollection" : "delete";
      default -> method;
    };
  }

  private static boolean isWatch(Map<String, List<String>> query) {
    return query.getOrDefault("watch", List.of()).stream()
        .anyMatch(value -> value.equals("true") || value.equals("1"));
  }

  /** A list of the one object of a name is a request for that name. */
  private static String nameSelected(Map<String, List<String>> query) {
    return query.getOrDefault("fieldSelector", List.of()).stream()
        .filter(selector -> selector.startsWith("metadata.name="))
        .map(selector -> selector.substring("metadata.name=".length()))
        .findFirst()
        .orElse("");
  }
}
