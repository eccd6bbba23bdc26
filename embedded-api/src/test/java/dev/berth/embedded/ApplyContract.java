package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every implementation owes an operator: server-side apply and custom resources. */
abstract class ApplyContract extends ApiContract {

  @BeforeAll
  void define() {
    try (var defining = api().client()) {
      Widgets.define(defining);
    }
  }

  @Test
  void applyCreatesAndApplyingTheSameAgainWritesNothing() {
    Deployment first = client.resource(deployment("x:1", "A", "1")).serverSideApply();

    Deployment second = client.resource(deployment("x:1", "A", "1")).serverSideApply();

    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
    assertThat(second.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(first.getMetadata().getManagedFields())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getOperation()).isEqualTo("Apply");
              assertThat(entry.getFieldsV1().getAdditionalProperties().toString())
                  .contains("k:{\"name\":\"main\"}", "f:image");
            });
  }

  @Test
  void whatIsNoLongerAppliedIsRemovedUnlessAnotherOwnsIt() {
    client.resource(deployment("x:1", "A", "1")).serverSideApply();
    client.resource(deployment("x:1", "B", "1")).fieldManager("other").serverSideApply();

    Deployment after = client.resource(deployment("x:1", "C", "1")).serverSideApply();

    assertThat(after.getSpec().getTemplate().getSpec().getContainers())
        .singleElement()
        .satisfies(
            c -> assertThat(c.getEnv()).extracting("name").containsExactlyInAnyOrder("B", "C"));
    assertThat(after.getMetadata().getGeneration()).isEqualTo(3);
  }

  @Test
  void anotherManagersValueIsAConflictUntilForced() {
    client.resource(configMap("a", "1")).serverSideApply();

    assertFailure(
        () -> client.resource(configMap("a", "2")).fieldManager("other").serverSideApply(),
        409,
        "Conflict");
    ConfigMap forced =
        client
            .resource(configMap("a", "2"))
            .fieldManager("other")
            .forceConflicts()
            .serverSideApply();

    assertThat(forced.getData()).containsEntry("k", "2");
    assertThat(forced.getMetadata().getManagedFields())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getManager()).isEqualTo("other"));
  }

  @Test
  void agreeingManagersShareAField() {
    client.resource(configMap("a", "1")).serverSideApply();

    ConfigMap shared = client.resource(configMap("a", "1")).fieldManager("other").serverSideApply();

    assertThat(shared.getMetadata().getManagedFields())
        .extracting("manager")
        .containsExactlyInAnyOrder("fabric8", "other");
  }

  @Test
  void anUpdateTakesTheFieldsItChanges() {
    client.resource(configMap("a", "1")).serverSideApply();
    ConfigMap changed = client.resource(configMap("a", "1")).get();
    changed.getData().put("k", "2");

    client.resource(changed).update();

    assertFailure(() -> client.resource(configMap("a", "1")).serverSideApply(), 409, "Conflict");
  }

  @Test
  void defaultsAreFilledInAndUnknownFieldsDropped() {
    GenericKubernetesResource created =
        client.resource(Widgets.widget(namespace, "w", "{size: S, unheardOf: 1}")).create();

    assertThat(spec(created)).containsEntry("replicas", 1).doesNotContainKey("unheardOf");
    assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void theSchemaIsEnforced() {
    assertFailure(() -> apply("{size: XXL}"), 422, "Invalid");
    assertFailure(() -> apply("{replicas: 1}"), 422, "Invalid");
    assertFailure(() -> apply("{size: S, replicas: -1}"), 422, "Invalid");
    assertFailure(() -> apply("{size: S, note: UPPER}"), 422, "Invalid");
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    apply("{size: S}");
    GenericKubernetesResource status = Widgets.widget(namespace, "w", "{size: M}");
    status.setAdditionalProperty("status", Map.of("version", "1"));

    GenericKubernetesResource ignored =
        client.resource(status).fieldManager("other").forceConflicts().serverSideApply();
    status.getMetadata().setManagedFields(null);
    GenericKubernetesResource written = applyStatus(status);

    assertThat(ignored.getAdditionalProperties()).doesNotContainKey("status");
    assertThat(ignored.getMetadata().getGeneration()).isEqualTo(2);
    assertThat(written.getAdditionalProperties()).containsEntry("status", Map.of("version", "1"));
    assertThat(written.getMetadata().getGeneration()).isEqualTo(2);
    assertThat(written.getMetadata().getManagedFields())
        .anySatisfy(entry -> assertThat(entry.getSubresource()).isEqualTo("status"));
  }

  @Test
  void applyingTheSameStatusAgainWritesNothing() {
    apply("{size: S}");
    GenericKubernetesResource status = Widgets.widget(namespace, "w", "{}");
    status.getAdditionalProperties().remove("spec");
    status.setAdditionalProperty("status", Map.of("version", "1"));

    GenericKubernetesResource first = applyStatus(status);
    GenericKubernetesResource second = applyStatus(status);

    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  @Test
  void listsWithKeysMergeByThem() {
    apply("{size: S, parts: [{name: a, color: red}]}");
    GenericKubernetesResource other =
        Widgets.widget(namespace, "w", "{parts: [{name: b, color: blue}]}");

    GenericKubernetesResource merged =
        client.resource(other).fieldManager("other").serverSideApply();

    assertThat(spec(merged).get("parts"))
        .isEqualTo(
            List.of(Map.of("name", "a", "color", "red"), Map.of("name", "b", "color", "blue")));
  }

  @Test
  void aNodePortBelongsToOneService() {
    // Given
    Service first = onNodePort("first", 30999);
    client.resource(first).serverSideApply();

    // When, Then
    assertThatThrownBy(() -> client.resource(onNodePort("second", 30999)).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> {
              assertThat(refusal.getCode()).isEqualTo(422);
              assertThat(refusal.getMessage()).contains("provided port is already allocated");
            });
    client.resource(first).forceConflicts().serverSideApply();
    client.resource(first).delete();
    assertThat(client.resource(onNodePort("second", 30999)).create()).isNotNull();
  }

  private Service onNodePort(String name, int port) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withType("NodePort")
        .addNewPort()
        .withPort(443)
        .withNodePort(port)
        .endPort()
        .endSpec()
        .build();
  }

  @Test
  void aServiceGetsAddressesAndKeepsThem() {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("s")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .withType("NodePort")
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build();

    Service first = client.resource(service).serverSideApply();
    service.getMetadata().setLabels(Map.of("a", "b"));
    Service second = client.resource(service).serverSideApply();
    Service replaced = client.resource(service).update();

    assertThat(first.getSpec().getClusterIP()).matches("[0-9]+([.][0-9]+){3}");
    assertThat(first.getSpec().getPorts().getFirst().getNodePort()).isBetween(30000, 32767);
    assertThat(second.getSpec()).isEqualTo(first.getSpec());
    assertThat(replaced.getSpec()).isEqualTo(first.getSpec());
  }

  private GenericKubernetesResource apply(String spec) {
    return client.resource(Widgets.widget(namespace, "w", spec)).serverSideApply();
  }

  private GenericKubernetesResource applyStatus(GenericKubernetesResource status) {
    return client
        .resource(status)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("controller")
                .withForce(true)
                .build());
  }

  private static Map<String, Object> spec(GenericKubernetesResource widget) {
    return widget.get("spec");
  }

  private Deployment deployment(String image, String variable, String value) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("d")
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withNewSelector()
        .addToMatchLabels("app", "d")
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", "d")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage(image)
        .addNewEnv()
        .withName(variable)
        .withValue(value)
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
