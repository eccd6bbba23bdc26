package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an endpoint comes from. */
public enum EndpointType {
  /** The Service, from within the cluster. */
  @JsonProperty("Cluster")
  CLUSTER,
  /** A port of the nodes. */
  @JsonProperty("NodePort")
  NODE_PORT,
  /** The address of the Service. */
  @JsonProperty("LoadBalancer")
  LOAD_BALANCER,
  /** The Ingress. */
  @JsonProperty("Ingress")
  INGRESS,
  /** The HTTPRoute. */
  @JsonProperty("Gateway")
  GATEWAY,
  /** A name of externalHosts that the user routes. */
  @JsonProperty("External")
  EXTERNAL
}
