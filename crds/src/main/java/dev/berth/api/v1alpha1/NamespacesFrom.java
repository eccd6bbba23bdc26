package dev.berth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How namespaces are chosen. */
public enum NamespacesFrom {
  /** The namespace of the object itself. */
  @JsonProperty("Same")
  SAME,
  /** Every namespace of the cluster. */
  @JsonProperty("All")
  ALL,
  /** Those whose labels match. */
  @JsonProperty("Selector")
  SELECTOR,
  /** Those named. */
  @JsonProperty("List")
  LIST
}
