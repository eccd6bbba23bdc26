package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.registry.check.SecretText;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What must not bring a registry down, nor make the operator write for ever. */
@NullUnmarked // a null is a failed test
class TroubleIT {
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
  void aDamagedAuthorityIsReplacedWithWhatItIssued() {
    // Given
    apply("Registry", "main", "{}");
    await().atMost(SOON).until(() -> secret("main-tls") != null && secret("main-ca") != null);
    String signingKey = text("main-keys", "signing.pem");
    String certificate = text("main-tls", "tls.crt");

    // When
    edit("main-keys", "ca.crt", "nonsense");

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(text("main-keys", "ca.crt")).startsWith("-----BEGIN CERTIFICATE-----");
              assertThat(text("main-ca", "ca.crt")).isEqualTo(text("main-keys", "ca.crt"));
              assertThat(text("main-tls", "tls.crt")).isNotEqualTo(certificate);
            });
    assertThat(text("main-keys", "signing.pem")).isEqualTo(signingKey);
  }

  @Test
  void nothingIsIssuedFromKeysThatCannotBeKept() {
    // Given
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("main-keys")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("some", encoded("thing"))
                .build())
        .create();

    // When
    apply("Registry", "main", "{}");

    // Then
    await().atMost(SOON).until(() -> "Conflict".equals(reason("Ready")));
    await()
        .atMost(SOON)
        .until(() -> client.services().inNamespace(namespace).withName("main").get() != null);
    assertThat(secret("main-ca")).isNull();
    assertThat(secret("main-tls")).isNull();
  }

  @Test
  void keysWithoutTheirLabelsAreStillTheRegistrys() {
    // Given
    apply("Registry", "main", "{}");
    await().atMost(SOON).until(() -> secret("main-tls") != null);
    Secret keys = secret("main-keys");

    // When
    client
        .secrets()
        .inNamespace(namespace)
        .withName("main-keys")
        .edit(
            secret -> {
              secret.getMetadata().setLabels(Map.of("mine", "kept"));
              return secret;
            });

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(secret("main-keys").getMetadata().getLabels())
                    .containsEntry("mine", "kept")
                    .containsEntry("berth.dev/registry", "main"));
    assertThat(secret("main-keys").getData()).isEqualTo(keys.getData());
  }

  @Test
  void anAccessPolicyExpiresWhenItsTimeComes() throws Exception {
    // Given
    apply("Registry", "main", "{}");
    await().atMost(SOON).until(() -> secret("main-keys") != null);
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      await().atMost(SOON).until(() -> replica.policy() != null);

      // When
      Instant end = Instant.now().plusSeconds(6);
      accessPolicy("ci", ", expiresAt: \"%s\"".formatted(end));
      await().atMost(SOON).until(() -> "Enforced".equals(reasonOf("ci", "Enforced")));

      // Then
      await().atMost(SOON).until(() -> !Instant.now().isBefore(end));
      await()
          .atMost(Duration.ofSeconds(3))
          .until(() -> "Expired".equals(reasonOf("ci", "Enforced")));
      await()
          .atMost(Duration.ofSeconds(3))
          .until(() -> replica.policy().content().grants().isEmpty());
    }
  }

  @Test
  void aRestartedOperatorWritesNothingOfWhatItFindsAsItLeftIt() throws Exception {
    // Given
    apply("Registry", "main", "{}");
    await().atMost(SOON).until(() -> secret("main-keys") != null);
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      apply("Repository", "app", "{registryRef: {name: main}, path: team/app}");
      accessPolicy("ci", "");
      await().atMost(SOON).until(() -> "Enforced".equals(reasonOf("ci", "Enforced")));
      await().atMost(SOON).until(() -> reason("PolicyEnforced").equals("Enforced"));
      List<String> before = versions("ci", "app");

      // When
      operator.restart();
      accessPolicy("later", "");
      await().atMost(SOON).until(() -> "Enforced".equals(reasonOf("later", "Enforced")));

      // Then
      assertThat(versions("ci", "app")).isEqualTo(before);
      assertThat(replica.policy().content().grants()).hasSize(2);
    }
  }

  @Test
  void quantitiesMayBeWrittenInAnyWay() throws Exception {
    assumeTrue(operator.isReal(), "the mock keeps quantities as they are written");
    // Given
    apply(
        "Registry",
        "main",
        """
        {storage: {persistentVolumeClaim: {size: 1024Mi}},
         resources: {requests: {cpu: "0.5", memory: 1024Mi}, limits: {cpu: 1000m}}}
        """);
    await().atMost(SOON).until(() -> secret("main-tls") != null);
    await().atMost(SOON).until(() -> reason("Ready") != null);

    // When
    visit(0);
    long before = applied();
    for (int i = 1; i < 6; i++) {
      visit(i);
    }

    // Then
    assertThat(applied()).isEqualTo(before);
  }

  /** Makes the operator visit the Registry, and waits until it has: its status says what for. */
  private void visit(int i) {
    apply(
        "AccessPolicy",
        "visit",
        "{registryRef: {name: main}, subjects: [{kind: User, name: u%d}], rules: [{repositories: [a], actions: [Pull]}]}"
            .formatted(i));
    await()
        .atMost(SOON)
        .until(
            () -> {
              AccessPolicy policy = policy("visit");
              return policy.getStatus() != null
                  && policy
                      .getMetadata()
                      .getGeneration()
                      .equals(policy.getStatus().observedGeneration())
                  && "Accepted".equals(reasonOf("visit", "Accepted"));
            });
  }

  /** How often the API server was told how the claim or the workload should be. */
  private static long applied() {
    return Pattern.compile(
            "apiserver_request_total\\{[^}]*resource=\"(persistentvolumeclaims|deployments)\"[^}]*"
                + "verb=\"APPLY\"[^}]*} (\\d+)")
        .matcher(client.raw("/metrics"))
        .results()
        .mapToLong(result -> Long.parseLong(result.group(2)))
        .sum();
  }

  private List<String> versions(String accessPolicy, String repository) {
    return List.of(
        policy(accessPolicy).getMetadata().getResourceVersion(),
        client
            .resources(Repository.class)
            .inNamespace(namespace)
            .withName(repository)
            .require()
            .getMetadata()
            .getResourceVersion());
  }

  private void accessPolicy(String name, String more) {
    apply(
        "AccessPolicy",
        name,
        """
        {registryRef: {name: main}, subjects: [{kind: User, name: %s}],
         rules: [{repositories: [a], actions: [Pull]}]%s}
        """
            .formatted(name, more));
  }

  private AccessPolicy policy(String name) {
    return client.resources(AccessPolicy.class).inNamespace(namespace).withName(name).require();
  }

  private String reasonOf(String accessPolicy, String type) {
    AccessPolicy policy = policy(accessPolicy);
    return policy.getStatus() == null ? null : reason(policy.getStatus().conditions(), type);
  }

  private String reason(String type) {
    Registry registry =
        client.resources(Registry.class).inNamespace(namespace).withName("main").require();
    return registry.getStatus() == null ? null : reason(registry.getStatus().conditions(), type);
  }

  private static String reason(List<Condition> conditions, String type) {
    Optional<Condition> found =
        conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
    return found.map(Condition::reason).orElse(null);
  }

  private Secret secret(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private String text(String secret, String key) {
    return Objects.requireNonNull(SecretText.of(secret(secret), key));
  }

  private void edit(String secret, String key, String text) {
    client
        .secrets()
        .inNamespace(namespace)
        .withName(secret)
        .edit(object -> new SecretBuilder(object).addToData(key, encoded(text)).build());
  }

  private void apply(String kind, String name, String spec) {
    HasMetadata object =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: %s}
            spec:
            %s
            """
                .formatted(kind, name, namespace, spec.strip().indent(2)),
            GenericKubernetesResource.class);
    client.resource(object).serverSideApply();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
