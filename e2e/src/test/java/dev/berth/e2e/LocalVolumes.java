package dev.berth.e2e;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives every claim of a cluster that makes no volumes of its own a folder of this machine, which
 * is the cluster's one node. The volumes go in the end, the folders stay with who named theirs.
 */
final class LocalVolumes implements ResourceEventHandler<PersistentVolumeClaim>, AutoCloseable {
  private static final String LABEL = "berth.dev/e2e";

  private final KubernetesClient client;
  private final Path folder;
  private final SharedIndexInformer<PersistentVolumeClaim> claims;

  private LocalVolumes(KubernetesClient client, Path folder) {
    this.client = client;
    this.folder = folder;
    this.claims = client.persistentVolumeClaims().inAnyNamespace().inform(this);
  }

  /** Starts, and from then on follows the claims. */
  static LocalVolumes below(Path folder, KubernetesClient client) {
    return new LocalVolumes(client, folder);
  }

  @Override
  public void onAdd(PersistentVolumeClaim claim) {
    if (claim.getSpec().getVolumeName() == null) {
      provide(claim);
    }
  }

  @Override
  public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim now) {
    // A claim gets its volume once.
  }

  @Override
  public void onDelete(PersistentVolumeClaim claim, boolean unknown) {
    // As with the policy Retain.
  }

  private void provide(PersistentVolumeClaim claim) {
    String name = "berth-e2e-" + claim.getMetadata().getUid();
    Path place = folder.resolve(name);
    try {
      Files.createDirectories(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(LABEL, "true")
                .endMetadata()
                .withNewSpec()
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withAccessModes(claim.getSpec().getAccessModes())
                .withStorageClassName(claim.getSpec().getStorageClassName())
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewClaimRef()
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .withUid(claim.getMetadata().getUid())
                .endClaimRef()
                .withNewLocal()
                .withPath(place.toString())
                .endLocal()
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey("kubernetes.io/os")
                .withOperator("Exists")
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build())
        .serverSideApply();
  }

  @Override
  public void close() {
    claims.stop();
    client.persistentVolumes().withLabel(LABEL).delete();
  }
}
