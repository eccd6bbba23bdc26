package dev.berth.operator.registry.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the Service is exposed.
 *
 * @param type ClusterIP, NodePort or LoadBalancer
 * @param nodePort null: the cluster chooses
 * @param addresses that it has, or had and is to have again; empty: the cluster chooses
 */
public record ServiceModel(
    String type,
    int port,
    @Nullable Integer nodePort,
    Map<String, String> annotations,
    List<String> addresses) {}
