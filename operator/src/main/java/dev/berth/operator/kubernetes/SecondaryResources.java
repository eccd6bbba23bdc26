package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;

/** What the caches have that belongs to the object of a visit. */
public final class SecondaryResources {
  private SecondaryResources() {}

  public static <R extends HasMetadata> Optional<R> named(
      Context<?> context, Class<R> type, String name) {
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst();
  }
}
