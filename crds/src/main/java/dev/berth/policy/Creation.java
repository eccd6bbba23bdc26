package dev.berth.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a push to a path that no Repository declares. */
public enum Creation {
  /** The push makes the repository when a grant allows it. */
  @JsonProperty("OnPush")
  ON_PUSH,
  /** The push is refused. */
  @JsonProperty("Declared")
  DECLARED
}
