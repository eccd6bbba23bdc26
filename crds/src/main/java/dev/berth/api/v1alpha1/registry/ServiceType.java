package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a Service is reached. */
public enum ServiceType {
  /** From within the cluster. */
  @JsonProperty("ClusterIP")
  CLUSTER_IP,
  /** At a port of every node. */
  @JsonProperty("NodePort")
  NODE_PORT,
  /** At an address that the cluster provides. */
  @JsonProperty("LoadBalancer")
  LOAD_BALANCER
}
