package dev.berth.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a caller may do with a repository. No action implies another. */
public enum Action {
  @JsonProperty("Pull")
  PULL,
  @JsonProperty("Push")
  PUSH,
  @JsonProperty("Delete")
  DELETE;

  /** As scopes of tokens and messages write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
