package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * PersistentVolumeClaim → a folder of its own that lives as long as the claim. Its capacity follows
 * the request; nothing limits what is written.
 */
final class ClaimController implements AutoCloseable {

  private static final String IN_USE = "kubernetes.io/pvc-protection";

  private final KubernetesClient client;
  private final NodeOptions options;
  private final EventRecorder events;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("claims", this::reconcile);
  private final WorkQueue<ClaimFolder> removals = new WorkQueue<>("claim-removals", this::remove);

  private record ClaimFolder(ObjectKey key, String uid) {}

  ClaimController(
      KubernetesClient client,
      ClusterInformers informers,
      EventRecorder events,
      NodeOptions options) {
    this.client = client;
    this.options = options;
    this.events = events;
    informers.on(
        PersistentVolumeClaim.class,
        claim -> queue.add(ObjectKey.of(claim)),
        claim -> removals.add(new ClaimFolder(ObjectKey.of(claim), claim.getMetadata().getUid())));
    informers.on(Pod.class, _ -> {}, this::claimsOf);
  }

  void start() {
    queue.start();
    removals.start();
  }

  @Override
  public void close() {
    queue.close();
    removals.close();
  }

  private void claimsOf(Pod pod) {
    claimNames(pod)
        .forEach(name -> queue.add(new ObjectKey(pod.getMetadata().getNamespace(), name)));
  }

  static List<String> claimNames(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getPersistentVolumeClaim() != null)
        .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .toList();
  }

  private void reconcile(ObjectKey key) {
    PersistentVolumeClaim claim = get(key);
    if (claim == null) {
      return;
    }
    if (Pods.isDeleted(claim)) {
      release(claim);
      return;
    }
    Path folder = options.claimDirectory(key.namespace(), claim.getMetadata().getUid());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      events.warning(
          claim, "ProvisioningFailed", "cannot make the folder " + folder + ": " + e.getMessage());
      throw new UncheckedIOException(e);
    }
    String volume = "pvc-" + claim.getMetadata().getUid();
    if (claim.getSpec().getVolumeName() == null || claim.getSpec().getVolumeName().isEmpty()) {
      claim =
          client
              .resource(
                  new PersistentVolumeClaimBuilder(claim)
                      .editSpec()
                      .withVolumeName(volume)
                      .endSpec()
                      .build())
              .update();
      events.normal(claim, "ProvisioningSucceeded", "Provisioned the folder " + folder);
    }
    PersistentVolumeClaimStatus status =
        new PersistentVolumeClaimStatusBuilder(claim.getStatus())
            .withPhase("Bound")
            .withAccessModes(claim.getSpec().getAccessModes())
            .withCapacity(
                claim.getSpec().getResources() == null
                    ? null
                    : claim.getSpec().getResources().getRequests())
            .build();
    if (!status.equals(claim.getStatus())) {
      client
          .resource(new PersistentVolumeClaimBuilder(claim).withStatus(status).build())
          .updateStatus();
    }
  }

  /**
   * A real API keeps a deleted claim until no pod uses it; the folder goes when the claim is gone.
   */
  private void release(PersistentVolumeClaim claim) {
    boolean used =
        client.pods().inNamespace(claim.getMetadata().getNamespace()).list().getItems().stream()
            .filter(Pods::isActive)
            .anyMatch(pod -> claimNames(pod).contains(claim.getMetadata().getName()));
    if (!used && claim.getMetadata().getFinalizers().contains(IN_USE)) {
      client
          .resource(
              new PersistentVolumeClaimBuilder(claim)
                  .editMetadata()
                  .removeFromFinalizers(IN_USE)
                  .endMetadata()
                  .build())
          .update();
    }
  }

  private void remove(ClaimFolder gone) {
    PersistentVolumeClaim claim = get(gone.key());
    if (claim != null && gone.uid().equals(claim.getMetadata().getUid())) {
      // A watch that broke can tell of a deletion that was none: the claim is there, so is its
      // data.
      return;
    }
    FileTrees.delete(options.claimDirectory(gone.key().namespace(), gone.uid()));
  }

  private PersistentVolumeClaim get(ObjectKey key) {
    return client.persistentVolumeClaims().inNamespace(key.namespace()).withName(key.name()).get();
  }
}
