package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.model.ClaimFacts;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageModel;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The claim that images lie on. It never has an owner, whatever the deletion policy: a deletion in
 * the foreground takes children away before anybody has looked for images in use. Argo CD is told
 * not to prune it.
 */
public final class ClaimChild extends RegistryChild<PersistentVolumeClaim> {
  private static final int UNPROCESSABLE = 422;
  private static final Set<Integer> REFUSALS =
      Set.of(HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE);

  /**
   * Without an owner, an Argo CD that tracks by the label app.kubernetes.io/instance may take the
   * claim for one of its application: it neither deletes it nor calls it out of sync.
   */
  private static final Map<String, String> KEPT_BY_ARGO_CD =
      Map.of(
          "argocd.argoproj.io/sync-options",
          "Prune=false",
          "argocd.argoproj.io/compare-options",
          "IgnoreExtraneous");

  public ClaimChild() {
    super(PersistentVolumeClaim.class, "claim");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.claim();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.storage() instanceof StorageModel.OwnClaim
        && model.storage().hold() == StorageModel.Hold.NONE;
  }

  @Override
  protected boolean addOwnerReference() {
    return false;
  }

  @Override
  public PersistentVolumeClaim desired(RegistryModel model) {
    StorageModel.OwnClaim storage = (StorageModel.OwnClaim) model.storage();
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata(model))
        .editMetadata()
        .withAnnotations(KEPT_BY_ARGO_CD)
        .endMetadata()
        .withNewSpec()
        .withAccessModes(storage.accessModes())
        .withStorageClassName(storage.storageClassName())
        .withNewResources()
        .addToRequests("storage", storage.size())
        .endResources()
        .endSpec()
        .build();
  }

  /** It is no part of the workflow, which would take away what is not wanted. */
  @Override
  public ReconcileResult<PersistentVolumeClaim> reconcile(
      Registry registry, Context<Registry> context) {
    return isWanted(model(context))
        ? super.reconcile(registry, context)
        : ReconcileResult.noOperation(null);
  }

  @Override
  public PersistentVolumeClaim update(
      PersistentVolumeClaim actual,
      PersistentVolumeClaim desired,
      Registry registry,
      Context<Registry> context) {
    try {
      return super.update(actual, desired, registry, context);
    } catch (KubernetesClientException e) {
      ClaimFacts was = ClaimFacts.of(actual);
      ClaimFacts wanted = ClaimFacts.of(desired);
      if (REFUSALS.contains(e.getCode()) && !Objects.equals(was.requested(), wanted.requested())) {
        throw new ExpansionRefusedException(childName(model(context).names()), was, wanted, e);
      }
      throw e;
    }
  }
}
