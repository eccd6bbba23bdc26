package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Names an object of one kind.
 *
 * @param namespace empty for what has none
 */
record ObjectKey(String namespace, String name) {

  static ObjectKey of(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    return new ObjectKey(namespace == null ? "" : namespace, object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
