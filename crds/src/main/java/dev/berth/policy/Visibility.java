package dev.berth.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may pull from a declared repository without a grant. */
public enum Visibility {
  @JsonProperty("Private")
  PRIVATE,
  /** Anyone may pull, also without credentials where the document allows anonymous access. */
  @JsonProperty("Public")
  PUBLIC
}
