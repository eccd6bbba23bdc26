package dev.berth.api.condition;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a condition holds. */
public enum ConditionStatus {
  @JsonProperty("True")
  TRUE,
  @JsonProperty("False")
  FALSE,
  /** Not looked at yet, or not decidable now. */
  @JsonProperty("Unknown")
  UNKNOWN
}
