package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/** The annotation with which a user keeps the operator's hands off an object. */
public final class Paused {
  private static final String ANNOTATION = "berth.dev/paused";

  private Paused() {}

  public static boolean is(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations != null && "true".equals(annotations.get(ANNOTATION));
  }
}
