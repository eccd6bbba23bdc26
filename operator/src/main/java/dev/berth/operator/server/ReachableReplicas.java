package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the replicas of each Registry are reached, as its last visit found them. */
public final class ReachableReplicas {

  /** Those of one Registry, which share one database: each can be asked for all. */
  public record Replicas(ManagementAccess access, List<String> addresses) {}

  private static final Replicas NONE = new Replicas(new ManagementAccess("", ""), List.of());

  private final Map<ObjectKey, Replicas> found = new ConcurrentHashMap<>();

  /** To be called by each visit. */
  public void found(ObjectKey registry, ManagementAccess access, List<Pod> answering) {
    found.put(
        registry,
        new Replicas(access, answering.stream().map(pod -> pod.getStatus().getPodIP()).toList()));
  }

  /** Forgets a Registry that is gone. */
  public void forget(ObjectKey registry) {
    found.remove(registry);
  }

  /** Those that answered. */
  public Replicas of(ObjectKey registry) {
    return found.getOrDefault(registry, NONE);
  }
}
