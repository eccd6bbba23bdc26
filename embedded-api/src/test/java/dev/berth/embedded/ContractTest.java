package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContractTest {
  private EmbeddedApi api;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    api = EmbeddedApi.mock();
    client = api.client();
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
  }

  @Test
  void applyingTheSameTwiceChangesNothing() {
    ConfigMap first = client.resource(configMap("a", "1")).serverSideApply();
    ConfigMap second = client.resource(configMap("a", "1")).serverSideApply();
    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
    assertThat(first.getMetadata().getManagedFields()).hasSize(1);
  }

  @Test
  void anotherManagersFieldIsAConflict() {
    client.resource(configMap("a", "1")).serverSideApply();
    assertThatThrownBy(
            () -> client.resource(configMap("a", "2")).fieldManager("other").serverSideApply())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("conflict with \"fabric8\"");
  }

  @Test
  void mergePatchRemovesByNull() {
    client.resource(configMap("a", "1")).create();
    ConfigMap patched =
        client
            .configMaps()
            .inNamespace("default")
            .withName("a")
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"k\":null,\"l\":\"2\"}}");
    assertThat(patched.getData()).containsOnlyKeys("l");
  }

  private static ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .addToData("k", value)
        .build();
  }
}
