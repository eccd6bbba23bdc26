package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels of everything that the operator makes. Labels of the custom resource are never copied.
 */
public final class Labels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "berth";
  public static final String REGISTRY = "berth.dev/registry";

  /** Of agents on nodes instead of the one above, which the registry's Service selects by. */
  private static final String AGENT = "berth.dev/node-access";

  /** Of the pods that prove that nodes can pull, and of their Jobs, for the same reason. */
  private static final String CANARY = "berth.dev/canary";

  /** Selects what the operator made, and so keeps everything else out of its caches. */
  public static final String MANAGED_SELECTOR = MANAGED_BY + "=" + OPERATOR;

  private Labels() {}

  private static Map<String, String> of(String key, String registry, String program) {
    return Map.of(
        MANAGED_BY,
        OPERATOR,
        key,
        registry,
        "app.kubernetes.io/name",
        program,
        "app.kubernetes.io/instance",
        registry);
  }

  public static Map<String, String> ofRegistry(String name) {
    return of(REGISTRY, name, "berth-registry");
  }

  /**
   * What pods of the registry have and nothing else has; the workload's selector, so it never
   * changes.
   */
  public static Map<String, String> selectorOf(String name) {
    return Map.of(REGISTRY, name);
  }

  /** Those of the pods that run on every node. */
  public static Map<String, String> ofAgent(String name) {
    return of(AGENT, name, "berth-node-access");
  }

  /** What the agents of the registry have and nothing else has. */
  public static Map<String, String> agentSelectorOf(String name) {
    return Map.of(AGENT, name);
  }

  public static boolean isAgent(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && labels.containsKey(AGENT);
  }

  /** Those of the pods that prove that nodes can pull. */
  public static Map<String, String> ofCanary(String name) {
    return of(CANARY, name, "berth-canary");
  }

  /** Whether a pod runs the registry's server: its others have to do with nodes. */
  public static boolean isServer(HasMetadata pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && labels.containsKey(REGISTRY);
  }

  /** The name of the Registry that the object is a child of. */
  public static @Nullable String registryOf(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && OPERATOR.equals(labels.get(MANAGED_BY))
        ? labels.getOrDefault(REGISTRY, labels.getOrDefault(AGENT, labels.get(CANARY)))
        : null;
  }
}
