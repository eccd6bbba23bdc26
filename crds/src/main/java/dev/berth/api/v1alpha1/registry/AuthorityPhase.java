package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the registry's own authority is on the way to the next one. */
public enum AuthorityPhase {
  /** One authority signs, and it alone is trusted. */
  @JsonProperty("Stable")
  STABLE,
  /** The next one is published to be trusted; the old one still signs. */
  @JsonProperty("Announced")
  ANNOUNCED,
  /** The new one signs; the old one stays trusted until nothing uses it. */
  @JsonProperty("Switched")
  SWITCHED
}
