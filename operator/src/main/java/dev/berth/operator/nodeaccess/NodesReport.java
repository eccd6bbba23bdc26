package dev.berth.operator.nodeaccess;

import static java.util.stream.Collectors.joining;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.FailingNode;
import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.NodesStatus;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the status tells of the nodes. */
public final class NodesReport {
  private NodesReport() {}

  /** Null where there is nothing to tell yet, or the spec does not ask for nodes. */
  public static @Nullable NodesStatus status(RegistryModel model, NodesObserved observed) {
    if (model.nodeAccess() == null || observed.agents() == null) {
      return null;
    }
    DaemonSetStatus agents = observed.agents().getStatus();
    return agents == null
        ? null
        : new NodesStatus(
            configured(observed.agents()),
            number(agents.getDesiredNumberScheduled()),
            failing(observed));
  }

  /** How trial pulls went, where the spec asks for nodes. */
  public static List<NodeReachability> reachability(RegistryModel model, NodesObserved observed) {
    return model.nodeAccess() == null ? List.of() : observed.reachability();
  }

  /** The condition, where the spec asks for nodes. */
  public static void condition(Conditions conditions, RegistryModel model, NodesObserved observed) {
    NodeAccessModel nodes = model.nodeAccess();
    if (nodes == null) {
      return;
    }
    if (model.awaitsAddress()) {
      pending(conditions, "The Service has no address yet");
    } else if (!nodes.isReachable()) {
      conditions.isFalse(
          ConditionType.NODES_CONFIGURED,
          Reason.ADDRESS_NOT_COVERED,
          "The certificate does not name the Service's address %s, and there is no external host"
              .formatted(String.join(", ", nodes.addresses())));
    } else if (observed.agents() == null || !isObserved(observed.agents())) {
      pending(conditions, "The node agents are being started; no node has taken one yet");
    } else {
      counted(conditions, nodes, observed.agents(), observed);
    }
  }

  private static void counted(
      Conditions conditions, NodeAccessModel nodes, DaemonSet agents, NodesObserved observed) {
    int total = number(agents.getStatus().getDesiredNumberScheduled());
    int configured = configured(agents);
    String count = "%d of %d nodes are configured%s".formatted(configured, total, without(nodes));
    Optional<FailingNode> failing = failing(observed).stream().findFirst();
    if (total == 0) {
      pending(conditions, nowhere(nodes));
    } else if (configured >= total) {
      tried(conditions, nodes, count, observed);
    } else if (observed.forbidden() != null
        && number(agents.getStatus().getCurrentNumberScheduled()) == 0) {
      conditions.isFalse(
          ConditionType.NODES_CONFIGURED,
          Reason.PODS_REFUSED,
          "%s: the namespace enforces Pod Security %s, which refuses a pod that mounts a directory of the node"
              .formatted(count, observed.forbidden()));
    } else if (failing.isPresent()) {
      conditions.isFalse(
          ConditionType.NODES_CONFIGURED,
          reason(observed, failing.get()),
          "%s; node %s: %s".formatted(count, failing.get().node(), failing.get().message()));
    } else {
      pending(conditions, count);
    }
  }

  private static String nowhere(NodeAccessModel nodes) {
    return nodes.nodeSelector().isEmpty()
        ? "No node takes the agent: the cluster has none, or virtual ones alone"
        : "No node takes the agent, as none matches spec.nodeAccess.nodeSelector";
  }

  private static String without(NodeAccessModel nodes) {
    String refused =
        nodes.refused().isEmpty()
            ? ""
            : ", without %s, which nodeAccess.externalHosts of the operator's chart does not name"
                .formatted(String.join(", ", nodes.refused()));
    return nodes.taken().entrySet().stream()
        .map(
            taken ->
                ", without %s, which Registry %s has".formatted(taken.getKey(), taken.getValue()))
        .sorted()
        .collect(joining("", refused, ""));
  }

  /** A node that is as it should be, and does not pull, is not what anybody wanted. */
  private static void tried(
      Conditions conditions, NodeAccessModel nodes, String count, NodesObserved observed) {
    Optional<NodeReachability> failed =
        observed.reachability().stream()
            .filter(result -> Boolean.FALSE.equals(result.pulled()))
            .findFirst();
    if (failed.isPresent()) {
      conditions.isFalse(
          ConditionType.NODES_CONFIGURED,
          Reason.PULL_FAILED,
          "%s, but node %s of pool %s cannot pull: %s"
              .formatted(count, failed.get().node(), failed.get().pool(), failed.get().message()));
    } else if (!nodes.taken().isEmpty()) {
      conditions.isFalse(ConditionType.NODES_CONFIGURED, Reason.HOST_TAKEN, count);
    } else {
      conditions.isTrue(ConditionType.NODES_CONFIGURED, Reason.CONFIGURED_NODES, count);
    }
  }

  private static void pending(Conditions conditions, String message) {
    conditions.isUnknown(ConditionType.NODES_CONFIGURED, Reason.NODES_PENDING, message);
  }

  private static Reason reason(NodesObserved observed, FailingNode node) {
    AgentState state = observed.states().get(node.node());
    return state == null ? Reason.AGENT_FAILING : state.reason();
  }

  private static List<FailingNode> failing(NodesObserved observed) {
    return observed.unready().stream().flatMap(pod -> failing(pod, observed).stream()).toList();
  }

  /** Empty for an agent that is merely starting. */
  private static Optional<FailingNode> failing(Pod pod, NodesObserved observed) {
    String node = AgentPods.node(pod).orElse("");
    AgentState state = observed.states().get(node);
    return state != null
        ? Optional.of(new FailingNode(node, state.reason().value(), state.message()))
        : AgentPods.trouble(pod, observed.at())
            .map(words -> new FailingNode(node, Reason.AGENT_FAILING.value(), words));
  }

  /** Those that are as the newest plan says. */
  static int configured(DaemonSet agents) {
    DaemonSetStatus status = agents.getStatus();
    return isObserved(agents)
        ? Math.min(number(status.getNumberReady()), number(status.getUpdatedNumberScheduled()))
        : 0;
  }

  /** Whether the counts are of the agents as they should be now. */
  static boolean isObserved(DaemonSet agents) {
    return agents.getStatus() != null
        && Objects.equals(
            agents.getStatus().getObservedGeneration(), agents.getMetadata().getGeneration());
  }

  private static int number(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
