package dev.berth.operator.registry.model;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where blobs and metadata lie. */
public sealed interface StorageModel {

  String claimName();

  Hold hold();

  /** What becomes of the pods, for the sake of what is on the claim. */
  enum Hold {
    /** Nothing stands against them. */
    NONE,
    /** Those that run go on as they are, and none is started. */
    UNTOUCHED,
    /** None may run: another Registry's server writes to the claim. */
    STOPPED
  }

  /**
   * A claim that the operator makes.
   *
   * @param storageClassName null: the cluster's default
   * @param kept in what the claim differs from the spec, because a claim cannot be changed so
   */
  record OwnClaim(
      String claimName,
      Quantity size,
      @Nullable String storageClassName,
      List<String> accessModes,
      List<String> kept,
      Hold hold)
      implements StorageModel {}

  /** The user's claim, which the operator never changes. */
  record ExistingClaim(String claimName, Hold hold) implements StorageModel {}
}
