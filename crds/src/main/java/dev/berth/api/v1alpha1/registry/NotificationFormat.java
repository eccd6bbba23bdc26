package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The body of a notification. */
public enum NotificationFormat {
  /** CloudEvents 1.0 in JSON. */
  @JsonProperty("CloudEvents")
  CLOUD_EVENTS,
  /** The envelope of registry:2 and registry:3. */
  @JsonProperty("Distribution")
  DISTRIBUTION
}
