package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.NodeReachability;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a visit found of the nodes.
 *
 * @param agents null: there is none (yet)
 * @param unready agents that do not say that their node is configured; as many as are named
 * @param states by the names of nodes, of those that answered
 * @param forbidden level of Pod Security that the namespace enforces and that refuses the agents;
 *     null: none
 * @param reachability results of trial pulls, the newest of each pool
 * @param at when it looked
 */
public record NodesObserved(
    @Nullable DaemonSet agents,
    List<Pod> unready,
    Map<String, AgentState> states,
    @Nullable String forbidden,
    List<NodeReachability> reachability,
    Instant at) {}
