package dev.berth.embedded.resource;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a resource's path.
 *
 * @param namespace empty for cluster-scoped paths and lists over all namespaces
 * @param name empty for collections
 * @param subresource empty for the object itself
 */
public record ApiPath(
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource) {
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /** The parts of {@code segments}, empty when they name no resource. */
  public static Optional<ApiPath> parse(List<String> segments) {
    if (segments.size() >= 3 && segments.getFirst().equals("api")) {
      return resource("", segments.get(1), segments.subList(2, segments.size()));
    }
    if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
      return resource(segments.get(1), segments.get(2), segments.subList(3, segments.size()));
    }
    return Optional.empty();
  }

  /** Whether it names all objects of a kind. */
  public boolean isCollection() {
    return name.isEmpty();
  }

  private static Optional<ApiPath> resource(String group, String version, List<String> rest) {
    boolean namespaced =
        rest.size() >= 3
            && rest.getFirst().equals("namespaces")
            && !(rest.size() == 3 && NAMESPACE_SUBRESOURCES.contains(rest.get(2)));
    String namespace = namespaced ? rest.get(1) : "";
    List<String> parts = namespaced ? rest.subList(2, rest.size()) : rest;
    if (parts.size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new ApiPath(
            group,
            version,
            namespace,
            parts.getFirst(),
            parts.size() > 1 ? parts.get(1) : "",
            parts.size() > 2 ? parts.get(2) : ""));
  }
}
