package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageModel;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.util.List;
import java.util.Map;

/**
 * The claim that images lie on. It outlives the Registry unless the user chose otherwise, so it has
 * no owner then, Argo CD is told not to prune it, and no path here deletes it.
 */
public final class ClaimChild extends RegistryChild<PersistentVolumeClaim> {

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
        .addToRequests("storage", storage.size())
        .endResources()
        .endSpec()
        .build();
  }
}
