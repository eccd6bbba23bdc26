package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryUsage;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * A Registry on a Kubernetes API: its children, its conditions, and what happens when somebody
 * meddles.
 */
@NullUnmarked // a null is a failed test
class RegistryIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static RunningOperator operator;
  private static KubernetesClient client;
  private String namespace;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator();
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    namespace = "n" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    operator.namespace(namespace);
  }

  @Test
  void theSmallestRegistryGetsAllItsChildren() {
    // When
    registry("spec: {}");

    // Then
    await().atMost(SOON).until(() -> children().size() == 11);
    assertThat(children().keySet())
        .containsExactlyInAnyOrder(
            "ServiceAccount/main",
            "ConfigMap/main-config",
            "Secret/main-keys",
            "Secret/main-ca",
            "Secret/main-tls",
            "Secret/main-policy",
            "PersistentVolumeClaim/main-data",
            "Deployment/main",
            "Service/main",
            "Service/main-management",
            "NetworkPolicy/main");
  }

  @Test
  void onlyTheClaimOutlivesTheRegistry() {
    // Given
    Registry registry = registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);

    // Then
    assertThat(children().values())
        .allSatisfy(
            child -> {
              boolean owned =
                  child.getMetadata().getOwnerReferences().stream()
                      .anyMatch(owner -> owner.getUid().equals(registry.getMetadata().getUid()));
              assertThat(owned)
                  .as(child.getKind() + " " + child.getMetadata().getName())
                  .isEqualTo(!(child instanceof PersistentVolumeClaim));
            });
  }

  @Test
  void itIsReadyWhenItsClaimIsBoundAndAReplicaEnforcesThePolicy() throws Exception {
    // Given
    registry("spec: {externalHosts: [\"registry.example.com\"]}");
    await().atMost(SOON).until(() -> condition("main", "Ready").isPresent());
    await()
        .atMost(SOON)
        .until(() -> condition("main", "Ready").orElseThrow().reason().equals("ClaimPending"));
    assertThat(condition("main", "Ready").orElseThrow().status()).isEqualTo(ConditionStatus.FALSE);

    // When
    bindClaim();
    await()
        .atMost(SOON)
        .until(() -> condition("main", "Ready").orElseThrow().reason().equals("PodPending"));
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {

      // Then
      await().atMost(SOON).until(() -> isTrue("main", "Ready"));
      Registry ready = get("main");
      assertThat(ready.getStatus().url()).isEqualTo("https://registry.example.com");
      assertThat(ready.getStatus().caBundleSecretRef().name()).isEqualTo("main-ca");
      assertThat(ready.getStatus().policy().revision()).isEqualTo(replica.policy().revision());
      assertThat(ready.getStatus().policy().enforcedReplicas()).isEqualTo(1);
      assertThat(ready.getStatus().conditions())
          .extracting(Condition::type)
          .doesNotContain("Reconciling", "Stalled", "Supported");
      assertThat(events()).contains("Normal Ready").noneMatch(event -> event.contains("Warning"));
      await().atMost(SOON).until(() -> tags() == 3);
    }
    // What served, and does not any more, is another matter.
    await().atMost(SOON).until(() -> events().stream().anyMatch(e -> e.startsWith("Warning")));
  }

  @Test
  void tenVisitsOfAReadyRegistryWriteNothing() throws Exception {
    // Given
    registry("spec: {}");
    bindClaim();
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      await().atMost(SOON).until(() -> isTrue("main", "Ready") && tags() == 3);
      Map<String, String> before = versions();

      // When
      for (int i = 0; i < 10; i++) {
        touch(i);
      }

      // Then: the last visit is over when its annotation's generation is, and no child has moved
      await()
          .during(Duration.ofSeconds(2))
          .atMost(SOON)
          .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
      assertThat(get("main").getMetadata().getAnnotations()).containsEntry("touched", "t9");
      assertThat(replica.policy()).isNotNull();
    }
  }

  @Test
  void aDeletedChildComesBackWithinFiveSeconds() {
    // Given
    registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);
    List<String> names = new ArrayList<>(children().keySet());

    for (String name : names) {
      HasMetadata child = children().get(name);

      // When
      letGo(child);
      client.resource(child).delete();

      // Then
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () -> {
                assertThat(children()).containsKey(name);
                assertThat(children().get(name).getMetadata().getUid())
                    .isNotEqualTo(child.getMetadata().getUid());
              });
    }
  }

  @Test
  void aChangedChildIsPutRightAgain() throws IOException {
    // Given
    registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);
    PolicyDocument policy = policy();

    // When
    client
        .services()
        .inNamespace(namespace)
        .withName("main")
        .edit(
            service ->
                new ServiceBuilder(service).editSpec().withType("NodePort").endSpec().build());
    client
        .secrets()
        .inNamespace(namespace)
        .withName("main-policy")
        .edit(
            secret -> new SecretBuilder(secret).addToData("policy.json.gz", encoded("{}")).build());

    // Then
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              assertThat(
                      client
                          .services()
                          .inNamespace(namespace)
                          .withName("main")
                          .get()
                          .getSpec()
                          .getType())
                  .isEqualTo("ClusterIP");
              assertThat(policy().content()).isEqualTo(policy.content());
              assertThat(policy().sequence()).isGreaterThanOrEqualTo(policy.sequence());
            });
  }

  @Test
  void aLostCertificateIsReplacedByOneOfTheSameAuthority() {
    // Given
    registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);
    String authority = SecretText.of(secret("main-ca"), "ca.crt");

    // When
    client.secrets().inNamespace(namespace).withName("main-tls").delete();

    // Then
    await().atMost(Duration.ofSeconds(5)).until(() -> children().containsKey("Secret/main-tls"));
    assertThat(SecretText.of(secret("main-ca"), "ca.crt")).isEqualTo(authority);
    assertThat(CertificateFacts.signedBy(SecretText.of(secret("main-tls"), "tls.crt"), authority))
        .isTrue();
  }

  @Test
  void aMissingUsersSecretIsNamedAndTheRegistryIsReadyOnceItIsThere() throws Exception {
    // Given
    registry("spec: {authentication: {users: {secretRef: {name: people}}}}");
    bindClaim();
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      await().atMost(SOON).until(() -> isFalse("main", "AuthenticationReady"));
      assertThat(condition("main", "Ready").orElseThrow())
          .satisfies(
              ready -> {
                assertThat(ready.reason()).isEqualTo("SecretMissing");
                assertThat(ready.message()).contains("people").contains("Create the Secret");
              });
      assertThat(children()).as("the rest runs").containsKey("Deployment/main");
      await().atMost(SOON).until(() -> events().contains("Warning SecretMissing"));

      // When
      createSecret("people", Map.of("htpasswd", "alice:" + BCRYPT));

      // Then
      await().atMost(SOON).until(() -> isTrue("main", "Ready"));
      assertThat(replica.policy()).isNotNull();
    }
  }

  @Test
  void anHtpasswdLineThatTheServerWouldRefuseIsNamedByItsNumber() {
    // When
    createSecret("people", Map.of("htpasswd", "alice:" + BCRYPT + "\nbob:secret\n"));
    registry("spec: {authentication: {users: {secretRef: {name: people}}}}");

    // Then
    await().atMost(SOON).until(() -> isFalse("main", "AuthenticationReady"));
    assertThat(condition("main", "AuthenticationReady").orElseThrow().message())
        .contains("line 2")
        .doesNotContain("secret\n")
        .doesNotContain("bob");
  }

  @Test
  void aNodePortOfAnotherServiceIsToBeReplaced() {
    // Given
    client
        .resource(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: other}
            spec: {type: NodePort, ports: [{port: 80, nodePort: 30777}]}
            """)
        .inNamespace(namespace)
        .create();

    // When
    registry("spec: {exposure: {service: {type: NodePort, nodePort: 30777}}}");

    // Then
    String said =
        "provided port is already allocated. Choose another spec.exposure.service.nodePort";
    await()
        .atMost(SOON)
        .until(
            () -> condition("main", "Ready").filter(c -> c.message().contains(said)).isPresent());
  }

  @Test
  void anUnreadableCertificateIsReported() {
    // When
    createSecret("cert", Map.of("tls.crt", "nonsense", "tls.key", "nonsense"));
    registry("spec: {tls: {secretRef: {name: cert}}}");

    // Then
    await().atMost(SOON).until(() -> isFalse("main", "CertificateValid"));
    assertThat(condition("main", "CertificateValid").orElseThrow())
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo("SecretInvalid");
              assertThat(condition.message()).contains("cert").contains("Correct the content");
            });
  }

  @Test
  void anObjectOfSomebodyElseIsLeftAlone() {
    // Given
    Service foreign =
        client
            .resource(
                new ServiceBuilder()
                    .withNewMetadata()
                    .withName("main")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addNewPort()
                    .withPort(1234)
                    .endPort()
                    .endSpec()
                    .build())
            .create();

    // When
    registry("spec: {}");

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                condition("main", "Ready").map(Condition::reason).equals(Optional.of("Conflict")));
    assertThat(condition("main", "Ready").orElseThrow().message()).contains("Service main");
    assertThat(client.resource(foreign).get().getMetadata().getResourceVersion())
        .isEqualTo(foreign.getMetadata().getResourceVersion());
  }

  @Test
  void whatThisVersionLeavesOutIsSaid() {
    // When
    registry(
        "spec: {autoscaling: {maxReplicas: 3}, notifications: [{name: a, url: \"https://a\"}]}");

    // Then
    await().atMost(SOON).until(() -> isFalse("main", "Supported"));
    assertThat(condition("main", "Supported").orElseThrow())
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo("NotYetSupported");
              assertThat(condition.message())
                  .contains("spec.autoscaling")
                  .contains("spec.notifications");
            });
    assertThat(children()).containsKey("Deployment/main");
  }

  @Test
  void aKindOfStorageThatThisVersionDoesNotDoMakesNothing() {
    // When
    registry("spec: {storage: {s3: {bucket: images}}}");

    // Then
    await().atMost(SOON).until(() -> isFalse("main", "StorageReady"));
    assertThat(condition("main", "Ready").orElseThrow().reason()).isEqualTo("NotYetSupported");
    assertThat(children()).isEmpty();
  }

  @Test
  void aPausedRegistryIsNotTouched() {
    // Given
    registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);
    edit(
        "main",
        registry -> registry.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true")));
    await().atMost(SOON).until(() -> isTrue("main", "Paused"));

    // When
    client.services().inNamespace(namespace).withName("main").delete();

    // Then
    await()
        .during(Duration.ofSeconds(2))
        .atMost(SOON)
        .until(() -> !children().containsKey("Service/main"));
    edit("main", registry -> registry.getMetadata().setAnnotations(Map.of()));
    await().atMost(SOON).until(() -> children().containsKey("Service/main"));
    await().atMost(SOON).until(() -> condition("main", "Paused").isEmpty());
  }

  @Test
  void turningOffTlsTakesTheCertificateAway() {
    // Given
    registry("spec: {}");
    await().atMost(SOON).until(() -> children().size() == 11);

    // When
    client.resource(resource("spec: {tls: {disabled: {}}}")).forceConflicts().serverSideApply();

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(children()).doesNotContainKeys("Secret/main-tls", "Secret/main-ca"));
    await().atMost(SOON).until(() -> get("main").getStatus().url().startsWith("http://"));
  }

  private static final String BCRYPT =
      "$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

  private Registry registry(String spec) {
    client.resource(resource(spec)).serverSideApply();
    return get("main");
  }

  private GenericKubernetesResource resource(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: main, namespace: %s}
        %s
        """
            .formatted(namespace, spec),
        GenericKubernetesResource.class);
  }

  private Registry get(String name) {
    return client.resources(Registry.class).inNamespace(namespace).withName(name).require();
  }

  /** As the controller does that protects claims in use, which an API server alone lacks. */
  private void letGo(HasMetadata child) {
    if (child instanceof PersistentVolumeClaim) {
      client
          .resource(child)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
    }
  }

  private void edit(String name, Consumer<Registry> change) {
    // The operator writes the status meanwhile: a conflict is no failure.
    await()
        .atMost(SOON)
        .ignoreException(KubernetesClientException.class)
        .until(
            () ->
                client
                        .resources(Registry.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .edit(
                            registry -> {
                              change.accept(registry);
                              return registry;
                            })
                    != null);
  }

  private void touch(int i) {
    edit("main", registry -> registry.getMetadata().setAnnotations(Map.of("touched", "t" + i)));
  }

  private Optional<Condition> condition(String name, String type) {
    Registry registry = get(name);
    return registry.getStatus() == null
        ? Optional.empty()
        : registry.getStatus().conditions().stream()
            .filter(condition -> condition.type().equals(type))
            .findFirst();
  }

  private long tags() {
    RegistryUsage usage = get("main").getStatus().usage();
    return usage == null ? 0 : usage.tags();
  }

  private boolean isTrue(String name, String type) {
    return condition(name, type).filter(c -> c.status() == ConditionStatus.TRUE).isPresent();
  }

  private boolean isFalse(String name, String type) {
    return condition(name, type).filter(c -> c.status() == ConditionStatus.FALSE).isPresent();
  }

  private Secret secret(String name) {
    return client.secrets().inNamespace(namespace).withName(name).require();
  }

  private void createSecret(String name, Map<String, String> text) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(
                    text.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> encoded(e.getValue()))))
                .build())
        .create();
  }

  private PolicyDocument policy() throws IOException {
    return PolicyDocumentFormat.read(
        Base64.getDecoder().decode(secret("main-policy").getData().get("policy.json.gz")));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> events() {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getKind().equals("Registry"))
        .map(event -> event.getType() + " " + event.getReason())
        .toList();
  }

  private void bindClaim() {
    await().atMost(SOON).until(() -> children().containsKey("PersistentVolumeClaim/main-data"));
    operator.bind(namespace, "main-data");
    await().atMost(SOON).until(() -> children().containsKey("Secret/main-keys"));
  }

  /** Kind/name to what the operator made in this namespace. */
  private Map<String, HasMetadata> children() {
    return List.of(
            ServiceAccount.class,
            ConfigMap.class,
            Secret.class,
            PersistentVolumeClaim.class,
            Deployment.class,
            Service.class,
            NetworkPolicy.class)
        .stream()
        .flatMap(
            type ->
                client
                    .resources(type)
                    .inNamespace(namespace)
                    .withLabel("app.kubernetes.io/managed-by", "berth")
                    .list()
                    .getItems()
                    .stream())
        .map(HasMetadata.class::cast)
        .collect(
            Collectors.toMap(
                child -> child.getKind() + "/" + child.getMetadata().getName(), child -> child));
  }

  private Map<String, String> versions() {
    return children().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> Objects.requireNonNull(e.getValue().getMetadata().getResourceVersion())));
  }
}
