package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.Registry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The annotation by which a user orders a rotation: each new value is one order. */
public final class RotateAnnotation {
  public static final String NAME = "berth.dev/rotate-certificate";

  private RotateAnnotation() {}

  /** Its value; null: there is none. */
  public static @Nullable String of(Registry registry) {
    Map<String, String> annotations = registry.getMetadata().getAnnotations();
    String value = annotations == null ? null : annotations.get(NAME);
    return value == null || value.isBlank() ? null : value;
  }
}
