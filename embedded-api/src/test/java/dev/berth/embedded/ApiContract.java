package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation owes its clients: reads, writes and the four patches. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiContract {
  KubernetesClient client;
  String namespace;

  abstract EmbeddedApi api();

  @BeforeEach
  void connect() {
    client = api().client();
    namespace = "test-" + UUID.randomUUID().toString().substring(0, 8);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aNewObjectGetsUidRevisionAndTime() {
    ConfigMap created = client.resource(configMap("a", "1")).create();

    assertThat(created.getMetadata().getUid()).isNotBlank();
    assertThat(created.getMetadata().getResourceVersion()).isNotBlank();
    assertThat(created.getMetadata().getCreationTimestamp()).isNotBlank();
    assertThat(created.getMetadata().getManagedFields()).hasSize(1);
  }

  @Test
  void revisionsGrow() {
    ConfigMap first = client.resource(configMap("a", "1")).create();
    ConfigMap second = client.resource(configMap("a", "2")).update();

    assertThat(Long.parseLong(second.getMetadata().getResourceVersion()))
        .isGreaterThan(Long.parseLong(first.getMetadata().getResourceVersion()));
  }

  @Test
  void generateNameMakesAName() {
    ConfigMap unnamed = configMap("a", "1");
    unnamed.getMetadata().setName(null);
    unnamed.getMetadata().setGenerateName("made-");

    ConfigMap created = client.resource(unnamed).create();

    assertThat(created.getMetadata().getName()).matches("made-[a-z0-9]{5}");
  }

  @Test
  void failuresHaveTheirReasons() {
    client.resource(configMap("a", "1")).create();
    ConfigMap stale = client.resource(configMap("a", "1")).get();
    client.resource(configMap("a", "2")).update();
    stale.getData().put("k", "3");
    ConfigMap badName = configMap("Not_A_Name", "1");
    ConfigMap nowhere = configMap("a", "1");
    nowhere.getMetadata().setNamespace("no-such-namespace");

    assertFailure(() -> client.resource(configMap("a", "1")).create(), 409, "AlreadyExists");
    assertFailure(() -> client.resource(stale).update(), 409, "Conflict");
    assertFailure(() -> client.resource(badName).create(), 422, "Invalid");
    assertFailure(() -> client.resource(nowhere).create(), 404, "NotFound");
    assertFailure(
        () ->
            client
                .configMaps()
                .inNamespace(namespace)
                .withName("missing")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{}}"),
        404,
        "NotFound");
    assertThat(client.configMaps().inNamespace(namespace).withName("missing").get()).isNull();
  }

  @Test
  void dryRunWritesNothing() {
    ConfigMap answer = client.resource(configMap("a", "1")).dryRun().create();

    assertThat(answer.getData()).containsEntry("k", "1");
    assertThat(client.resource(configMap("a", "1")).get()).isNull();
  }

  @Test
  void anUpdateWithoutChangeKeepsTheRevision() {
    ConfigMap created = client.resource(configMap("a", "1")).create();

    ConfigMap updated = client.resource(configMap("a", "1")).update();

    assertThat(updated.getMetadata().getResourceVersion())
        .isEqualTo(created.getMetadata().getResourceVersion());
  }

  @Test
  void mergePatchReplacesListsAndRemovesByNull() {
    ConfigMap map = configMap("a", "1");
    map.getMetadata().setFinalizers(List.of("example.dev/one", "example.dev/two"));
    client.resource(map).create();

    ConfigMap patched =
        patch(
            PatchType.JSON_MERGE,
            """
            {"data":{"k":null,"l":"2"},"metadata":{"finalizers":["example.dev/two"]}}
            """);
    ConfigMap emptied = patch(PatchType.JSON_MERGE, "{\"metadata\":{\"finalizers\":[]}}");

    assertThat(patched.getData()).containsOnlyKeys("l");
    assertThat(patched.getFinalizers()).containsExactly("example.dev/two");
    assertThat(emptied.getFinalizers()).isEmpty();
  }

  @Test
  void jsonPatchTestsAndReplaces() {
    client.resource(configMap("a", "1")).create();

    ConfigMap patched =
        patch(PatchType.JSON, "[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"2\"}]");
    ThrowingCallable failing =
        () ->
            patch(
                PatchType.JSON,
                "[{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"9\"},"
                    + "{\"op\":\"remove\",\"path\":\"/data/k\"}]");

    assertThat(patched.getData()).containsEntry("k", "2");
    assertThatThrownBy(failing).isInstanceOf(KubernetesClientException.class);
    assertThat(client.resource(configMap("a", "1")).get().getData()).containsEntry("k", "2");
  }

  @Test
  void removingTheLastFinalizerRemovesADeletedObject() {
    ConfigMap map = configMap("a", "1");
    map.getMetadata().setFinalizers(List.of("example.dev/hold"));
    client.resource(map).create();

    client.resource(map).delete();
    ConfigMap held = client.resource(map).get();
    ConfigMap last =
        patch(PatchType.JSON, "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]");

    assertThat(held.getMetadata().getDeletionTimestamp()).isNotBlank();
    assertThat(last.getMetadata().getName()).isEqualTo("a");
    assertThat(client.resource(map).get()).isNull();
  }

  @Test
  void secretsTakePlainTexts() {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("s")
            .withNamespace(namespace)
            .endMetadata()
            .addToStringData("password", "hello")
            .build();

    Secret created = client.resource(secret).create();

    assertThat(created.getType()).isEqualTo("Opaque");
    assertThat(created.getData()).containsEntry("password", "aGVsbG8=");
    assertThat(created.getStringData()).isNullOrEmpty();
  }

  @Test
  void selectorsSelect() {
    for (String tier : new String[] {"front", "back", "none"}) {
      ConfigMap map = configMap(tier, "1");
      map.getMetadata().setLabels(Map.of("tier", tier));
      client.resource(map).create();
    }
    client.resource(configMap("bare", "1")).create();

    assertThat(named(client, "tier in (front,back)")).containsExactly("back", "front");
    assertThat(named(client, "tier notin (front)"))
        .contains("back", "bare")
        .doesNotContain("front");
    assertThat(named(client, "tier,tier!=front")).containsExactly("back", "none");
    assertThat(named(client, "!tier,!kube-root-ca")).contains("bare").doesNotContain("front");
    assertThat(
            client
                .configMaps()
                .inNamespace(namespace)
                .withField("metadata.name", "front")
                .list()
                .getItems())
        .hasSize(1);
  }

  @Test
  void theAdministratorMayDoEverything() {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb("delete")
            .withResource("secrets")
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();

    assertThat(
            client
                .authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed())
        .isTrue();
  }

  ConfigMap patch(PatchType type, String patch) {
    return client
        .configMaps()
        .inNamespace(namespace)
        .withName("a")
        .patch(PatchContext.of(type), patch);
  }

  ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .addToData("k", value)
        .build();
  }

  static void assertFailure(ThrowingCallable call, int code, String reason) {
    KubernetesClientException e = catchThrowableOfType(KubernetesClientException.class, call);
    assertThat(e).as("failure with reason " + reason).isNotNull();
    assertThat(e.getCode()).isEqualTo(code);
    assertThat(e.getStatus().getReason()).isEqualTo(reason);
  }

  private List<String> named(KubernetesClient from, String selector) {
    return from
        .configMaps()
        .inNamespace(namespace)
        .withLabelSelector(selector)
        .list()
        .getItems()
        .stream()
        .map(map -> map.getMetadata().getName())
        .filter(name -> !name.equals("kube-root-ca.crt"))
        .sorted()
        .toList();
  }
}
