package dev.berth.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a caller may do with a repository. No action implies another. */
public enum Action {
  @JsonProperty("Pull")
  PULL,
  @JsonProperty("Push")
  PUSH,
  @JsonProperty("Delete")
  DELETE
}
