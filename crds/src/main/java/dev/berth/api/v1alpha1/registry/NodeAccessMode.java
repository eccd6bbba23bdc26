package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How nodes learn to reach the registry. */
public enum NodeAccessMode {
  /** Not by Berth. */
  @JsonProperty("None")
  NONE,
  /** A DaemonSet writes certs.d of the container runtime. */
  @JsonProperty("HostsToml")
  HOSTS_TOML
}
