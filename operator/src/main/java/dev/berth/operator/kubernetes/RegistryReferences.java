package dev.berth.operator.kubernetes;

import dev.berth.api.v1alpha1.RegistryRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * Where {@code spec.registryRef} leads: a Registry of the object's own namespace unless it names
 * another.
 */
public final class RegistryReferences {
  private RegistryReferences() {}

  public static ResourceID target(HasMetadata object, RegistryRef ref) {
    String namespace = ref.namespace();
    return new ResourceID(
        ref.name(), namespace == null ? object.getMetadata().getNamespace() : namespace);
  }
}
