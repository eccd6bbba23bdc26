package dev.berth.operator.kubernetes;

import dev.berth.api.v1alpha1.RegistryRef;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * Where {@code spec.registryRef} leads: a Registry of the object's own namespace unless it names
 * another.
 */
public final class RegistryReferences {
  private RegistryReferences() {}

  /** The same, for those that know no framework. */
  public static ObjectKey key(HasMetadata object, RegistryRef ref) {
    String namespace = ref.namespace();
    return new ObjectKey(
        namespace == null ? object.getMetadata().getNamespace() : namespace, ref.name());
  }

  public static ResourceID target(HasMetadata object, RegistryRef ref) {
    ObjectKey key = key(object, ref);
    return new ResourceID(key.name(), key.namespace());
  }
}
