package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageModel;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeResourceRequirements;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claim that images lie on. It outlives the Registry unless the user chose otherwise, so it has
 * no owner then, Argo CD is told not to prune it, and no path here deletes it.
 */
public final class ClaimChild extends RegistryChild<PersistentVolumeClaim> {
  private static final String STORAGE = "storage";

  public ClaimChild() {
    super(PersistentVolumeClaim.class, "claim");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.claim();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.storage() instanceof StorageModel.OwnClaim;
  }

  @Override
  protected boolean addOwnerReference() {
    return false;
  }

  @Override
  public PersistentVolumeClaim desired(RegistryModel model) {
    StorageModel.OwnClaim storage = (StorageModel.OwnClaim) model.storage();
    List<OwnerReference> owners =
        storage.deletedWithRegistry() ? List.of(model.owner()) : List.of();
    Map<String, String> annotations =
        storage.deletedWithRegistry()
            ? Map.of()
            : Map.of("argocd.argoproj.io/sync-options", "Prune=false");
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata(model))
        .editMetadata()
        .withOwnerReferences(owners)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withAccessModes(storage.accessMode())
        .withStorageClassName(storage.storageClassName())
        .withNewResources()
        .addToRequests(STORAGE, storage.size())
        .endResources()
        .endSpec()
        .build();
  }

  /**
   * The API server writes 1024Mi as 1Gi. The framework knows that of containers only, and would
   * apply the claim at every visit.
   */
  @Override
  public Result<PersistentVolumeClaim> match(
      PersistentVolumeClaim actual,
      PersistentVolumeClaim desired,
      Registry registry,
      Context<Registry> context) {
    Quantity written = size(actual);
    if (written != null && written.equals(size(desired))) {
      desired.getSpec().getResources().getRequests().put(STORAGE, written);
    }
    return super.match(actual, desired, registry, context);
  }

  private static @Nullable Quantity size(PersistentVolumeClaim claim) {
    VolumeResourceRequirements resources = claim.getSpec().getResources();
    return resources == null || resources.getRequests() == null
        ? null
        : resources.getRequests().get(STORAGE);
  }
}
