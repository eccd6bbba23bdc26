package dev.berth.operator.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.operator.registry.model.StorageModel.Hold;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageChoiceTest {
  private static final RegistryNames NAMES = new RegistryNames("main", "registries");

  @ParameterizedTest
  @CsvSource({
    "20Gi, 10Gi, Bound, 20Gi",
    "20Gi, 50Gi, Bound, 50Gi",
    "20Gi, 10Gi, Pending, 10Gi",
    "20Gi, 50Gi, Pending, 50Gi",
    "1024Mi, 1Gi, Bound, 1Gi",
    "1G, 1Gi, Bound, 1Gi",
  })
  void aClaimNeverShrinksAndGrowsWhenItIsBound(
      String asked, String requested, String phase, String wanted) {
    // When
    StorageModel.OwnClaim storage =
        own("{storage: {persistentVolumeClaim: {size: %s}}}".formatted(asked), requested, phase);

    // Then
    assertThat(storage.size().toString()).isEqualTo(wanted);
  }

  @Test
  void whatAClaimHasOtherThanTheSpecSaysIsKeptAndNamed() {
    // When
    StorageModel.OwnClaim storage =
        own("{storage: {persistentVolumeClaim: {storageClassName: slow}}}", "50Gi", "Bound");

    // Then
    assertThat(storage.storageClassName()).isEqualTo("fast");
    assertThat(storage.accessModes()).containsExactly("ReadWriteMany");
    assertThat(storage.kept())
        .containsExactly(
            "size 50Gi, for a claim never shrinks",
            "storageClassName fast",
            "accessMode ReadWriteMany");
  }

  @Test
  void aClaimThatIsAsTheSpecSaysKeepsNothing() {
    assertThat(
            own(
                    "{storage: {persistentVolumeClaim: {size: 1Gi, accessMode: ReadWriteMany}}}",
                    "1Gi",
                    "Bound")
                .kept())
        .isEmpty();
  }

  @Test
  void withoutAClaimTheSpecCounts() {
    // When
    StorageModel storage =
        StorageChoice.of(
            spec("{storage: {persistentVolumeClaim: {storageClassName: slow}}}"),
            NAMES,
            null,
            Hold.NONE);

    // Then
    assertThat(storage.claimName()).isEqualTo("main-data");
    assertThat(((StorageModel.OwnClaim) storage).size().toString()).isEqualTo("20Gi");
    assertThat(((StorageModel.OwnClaim) storage).storageClassName()).isEqualTo("slow");
  }

  @Test
  void aBucketHasNoClaim() {
    assertThat(StorageChoice.claimName(spec("{storage: {s3: {bucket: images}}}"), NAMES)).isNull();
    assertThat(StorageChoice.isOwnClaim(spec("{storage: {s3: {bucket: images}}}"))).isFalse();
    assertThat(StorageChoice.isOwnClaim(spec("{}"))).isTrue();
  }

  private static StorageModel.OwnClaim own(String spec, String requested, String phase) {
    PersistentVolumeClaim claim =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: main-data}
            spec: {accessModes: [ReadWriteMany], storageClassName: fast, resources: {requests: {storage: %s}}}
            status: {phase: %s}
            """
                .formatted(requested, phase),
            PersistentVolumeClaim.class);
    return (StorageModel.OwnClaim) StorageChoice.of(spec(spec), NAMES, claim, Hold.NONE);
  }

  private static RegistrySpec spec(String yaml) {
    return Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: {name: main}
            spec: %s
            """
                .formatted(yaml),
            Registry.class)
        .getSpec();
  }
}
