package dev.berth.operator.registry.model;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The word that stands for a constant in the custom resources, and in the Kubernetes objects that
 * take the same words.
 */
public final class JsonName {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonName() {}

  public static String of(Enum<?> constant) {
    return JSON.convertValue(constant, String.class);
  }
}
