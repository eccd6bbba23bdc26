package dev.berth.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Names one object of a kind. */
public record ObjectKey(String namespace, String name) {

  public static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
