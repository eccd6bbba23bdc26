package dev.berth.operator.registry.model;

import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where blobs and metadata lie. */
public sealed interface StorageModel {

  String claimName();

  /**
   * A claim that the operator makes.
   *
   * @param storageClassName null: the cluster's default
   * @param deletedWithRegistry whether the images go with the Registry
   */
  record OwnClaim(
      String claimName,
      Quantity size,
      @Nullable String storageClassName,
      String accessMode,
      boolean deletedWithRegistry)
      implements StorageModel {}

  /** The user's claim, which the operator never changes. */
  record ExistingClaim(String claimName) implements StorageModel {}
}
