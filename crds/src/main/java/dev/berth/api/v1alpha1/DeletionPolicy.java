package dev.berth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the images when the object that governs them is deleted. */
public enum DeletionPolicy {
  /** They stay; an object of the same name or path takes them over again. */
  @JsonProperty("Retain")
  RETAIN,
  /** They go with the object. */
  @JsonProperty("Delete")
  DELETE
}
