package dev.berth.operator.registry.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the Service is exposed.
 *
 * @param type ClusterIP, NodePort or LoadBalancer
 * @param nodePort null: the cluster chooses
 */
public record ServiceModel(
    String type, int port, @Nullable Integer nodePort, Map<String, String> annotations) {}
