package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many nodes may mount a claim. */
public enum AccessMode {
  @JsonProperty("ReadWriteOnce")
  READ_WRITE_ONCE,
  /** One pod only. */
  @JsonProperty("ReadWriteOncePod")
  READ_WRITE_ONCE_POD,
  /** Any number of nodes, which several replicas need. */
  @JsonProperty("ReadWriteMany")
  READ_WRITE_MANY
}
