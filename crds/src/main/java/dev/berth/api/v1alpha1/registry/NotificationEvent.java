package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a notification tells about. */
public enum NotificationEvent {
  @JsonProperty("Push")
  PUSH,
  @JsonProperty("Pull")
  PULL,
  @JsonProperty("Delete")
  DELETE
}
