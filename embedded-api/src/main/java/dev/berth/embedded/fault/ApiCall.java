package dev.berth.embedded.fault;

import java.util.Set;

/**
 * A request as it arrives, in the words of Kubernetes' authorization.
 *
 * @param verb get, list, watch, create, update, patch, delete or deletecollection
 * @param group empty for the core group
 * @param resource the plural; empty for a path that is no resource
 * @param namespace empty for cluster-scoped objects and lists over all namespaces
 * @param name empty for collections, and so for what is created by POST
 * @param subresource empty for the object itself
 * @param userAgent what the client calls itself
 */
public record ApiCall(
    String verb,
    String group,
    String resource,
    String namespace,
    String name,
    String subresource,
    String userAgent) {
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  /** Whether it may change an object; reviews, which are created and kept nowhere, do not. */
  public boolean isWrite() {
    return WRITES.contains(verb) && !group.endsWith("authorization.k8s.io");
  }

  /** Whether it is a watch. */
  public boolean isWatch() {
    return verb.equals("watch");
  }

  /** Whether it is about this resource, whatever its group, or a subresource of it. */
  public boolean isOf(String plural) {
    return resource.equals(plural);
  }
}
