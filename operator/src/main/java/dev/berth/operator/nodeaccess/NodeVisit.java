package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.kubernetes.SecondaryResources;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a visit of a Registry does about nodes, and how they stand. */
public final class NodeVisit {
  /** As many as the status names. */
  private static final int NAMED = 10;

  private static final String ENFORCED = "pod-security.kubernetes.io/enforce";

  /** Both refuse a pod that mounts a directory of the host. */
  private static final Set<String> REFUSING = Set.of("baseline", "restricted");

  private final AgentStates states;
  private final NodeRemoval removal;
  private final CanaryRuns canaries;
  private final Clock clock;

  public NodeVisit(AgentStates states, CanaryRuns canaries, Clock clock) {
    this.states = states;
    this.removal = new NodeRemoval(clock);
    this.canaries = canaries;
    this.clock = clock;
  }

  /**
   * Before anything is rendered: nodes are about to be told something, or no longer. Whether the
   * visit may go on; if not, the finalizer makes the next one.
   */
  public boolean prepare(Registry registry, Context<Registry> context) {
    boolean held = NodeRemoval.holds(registry);
    if (NodeAccessModel.isWanted(registry)) {
      if (!held) {
        NodeRemoval.hold(registry, context);
      }
      return held;
    }
    if (held) {
      remove(registry, context);
    }
    return true;
  }

  /** Ends what would go on by itself. */
  public void pause(Registry registry, Context<Registry> context) {
    canaries.end(registry, context);
  }

  /** Goes on taking back what nodes were told; whether that is over. */
  public boolean remove(Registry registry, Context<Registry> context) {
    canaries.end(registry, context);
    boolean over = removal.proceed(registry, context);
    if (over) {
      NodeRemoval.release(registry, context);
    }
    return over;
  }

  /** Whom to tell of a registry whose nodes say something else than at its last visit. */
  public void onNews(Consumer<ObjectKey> listener) {
    states.onNews(listener);
  }

  public void forget(ObjectKey registry) {
    states.forget(registry);
    canaries.forget(registry);
  }

  /**
   * Looks.
   *
   * @param namespace labels of the registry's namespace; empty where it is not known
   * @param enforcing pods of the server that decide by the newest policy; empty: not all do
   */
  public NodesObserved visit(
      Registry registry,
      RegistryModel model,
      Optional<Map<String, String>> namespace,
      List<Pod> enforcing,
      Context<Registry> context)
      throws InterruptedException {
    Optional<DaemonSet> agents = agents(model.names(), context);
    if (agents.isEmpty() || model.nodeAccess() == null) {
      // A pod may have the labels of an agent and be anybody's.
      return new NodesObserved(
          null, List.of(), Map.of(), null, CanaryRuns.before(registry), clock.instant());
    }
    List<Pod> pods =
        context
            .getSecondaryResourcesAsStream(Pod.class)
            .filter(Labels::isAgent)
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .filter(pod -> AgentPods.node(pod).isPresent())
            .toList();
    List<Pod> unready =
        pods.stream()
            .filter(pod -> !Pods.isReady(pod))
            .sorted(Comparator.comparing(pod -> AgentPods.node(pod).orElse("")))
            .limit(NAMED)
            .toList();
    List<Pod> reachable =
        unready.stream()
            .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
            .toList();
    Instant now = clock.instant();
    return new NodesObserved(
        agents.get(),
        unready,
        states.observe(ObjectKey.of(registry), reachable),
        namespace.map(labels -> labels.get(ENFORCED)).filter(REFUSING::contains).orElse(null),
        canaries.visit(
            registry, model, ConfiguredNodes.of(agents.get(), pods, now), enforcing, context),
        now);
  }

  static Optional<DaemonSet> agents(RegistryNames names, Context<Registry> context) {
    return SecondaryResources.named(context, DaemonSet.class, names.nodeAccess());
  }
}
