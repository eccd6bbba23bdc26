package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** Who an object is, for those that are watched in the whole cluster and kept in memory. */
public final class LeanMetadata {
  private LeanMetadata() {}

  /** Namespace, name, uid and version, and nothing else. */
  public static ObjectMeta of(ObjectMeta full) {
    ObjectMeta lean = new ObjectMeta();
    lean.setNamespace(full.getNamespace());
    lean.setName(full.getName());
    lean.setUid(full.getUid());
    lean.setResourceVersion(full.getResourceVersion());
    return lean;
  }
}
