package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How claims may change. */
abstract class ClaimContract extends RightsContract {

  @Test
  void aClaimWithItsVolumeGrows() {
    PersistentVolumeClaim claim = bound("a", storageClass("grows", true));

    PersistentVolumeClaim grown = client.resource(sized(claim, "2Gi")).update();

    assertThat(grown.getSpec().getResources().getRequests())
        .containsEntry("storage", new Quantity("2Gi"));
  }

  @Test
  void aClaimNeverShrinks() {
    PersistentVolumeClaim claim = bound("a", storageClass("grows", true));

    ApiContract.assertFailure(
        () -> client.resource(sized(claim, "512Mi")).update(), 422, "Invalid");
  }

  @Test
  void aClaimWithoutVolumeDoesNotGrow() {
    PersistentVolumeClaim claim = client.resource(claim("a", storageClass("grows", true))).create();

    ApiContract.assertFailure(() -> client.resource(sized(claim, "2Gi")).update(), 422, "Invalid");
  }

  @Test
  void aClaimDoesNotGrowWhereItsClassDoesNot() {
    PersistentVolumeClaim claim = bound("a", storageClass("fixed", false));

    ApiContract.assertFailure(
        () -> client.resource(sized(claim, "2Gi")).update(), 403, "Forbidden");
  }

  @Test
  void theClassAndAccessModesOfAClaimStay() {
    PersistentVolumeClaim claim = bound("a", storageClass("grows", true));
    PersistentVolumeClaim other =
        new PersistentVolumeClaimBuilder(claim)
            .editSpec()
            .withAccessModes("ReadWriteMany")
            .endSpec()
            .build();

    ApiContract.assertFailure(() -> client.resource(other).update(), 422, "Invalid");
  }

  private String storageClass(String name, boolean grows) {
    String own = name + "-" + namespace;
    client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(own)
                .endMetadata()
                .withProvisioner("example.com/none")
                .withAllowVolumeExpansion(grows)
                .build())
        .create();
    return own;
  }

  private PersistentVolumeClaim bound(String name, String storageClass) {
    PersistentVolumeClaim claim = client.resource(claim(name, storageClass)).create();
    return client
        .resource(
            new PersistentVolumeClaimBuilder(claim)
                .withNewStatus()
                .withPhase("Bound")
                .withCapacity(Map.of("storage", new Quantity("1Gi")))
                .endStatus()
                .build())
        .updateStatus();
  }

  private PersistentVolumeClaim claim(String name, String storageClass) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withStorageClassName(storageClass)
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity("1Gi"))
        .endResources()
        .endSpec()
        .build();
  }

  private static PersistentVolumeClaim sized(PersistentVolumeClaim claim, String size) {
    return new PersistentVolumeClaimBuilder(claim)
        .editSpec()
        .editResources()
        .addToRequests("storage", new Quantity(size))
        .endResources()
        .endSpec()
        .build();
  }
}
