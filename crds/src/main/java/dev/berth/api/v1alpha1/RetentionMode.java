package dev.berth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a retention run does. */
public enum RetentionMode {
  /** It only shows what would go. */
  @JsonProperty("DryRun")
  DRY_RUN,
  /** It deletes. */
  @JsonProperty("Enforce")
  ENFORCE
}
