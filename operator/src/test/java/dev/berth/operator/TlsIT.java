package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.registry.AuthorityPhase;
import dev.berth.api.v1alpha1.registry.CertificateStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.tls.CaRotation;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Certificates over time: renewed, rotated, and handed from one issuer to another. */
@NullUnmarked // a null is a failed test
class TlsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** An idle registry is visited every half a minute. */
  private static final Duration WITHOUT_AN_EVENT = Duration.ofSeconds(50);

  private static final Duration PERIOD = CaRotation.TRUST_PERIOD.plusMinutes(1);

  /** Said by us: a client that asks the API for it meets one that was installed just now. */
  private static final ResourceDefinitionContext CERTIFICATES =
      new ResourceDefinitionContext.Builder()
          .withGroup("cert-manager.io")
          .withVersion("v1")
          .withKind("Certificate")
          .withPlural("certificates")
          .withNamespaced(true)
          .build();

  private static RunningOperator operator;
  private static KubernetesClient client;
  private String namespace;
  private int touched;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator(Map.of(TestClock.MOVABLE, true));
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    TestClock.setRight();
    namespace = "n" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    operator.namespace(namespace);
  }

  @Test
  void anIdleRegistrysCertificateIsRenewedWhenItsTimeComes() {
    // Given
    apply("{}");
    await().atMost(SOON).until(() -> status() != null && status().renewsAt() != null);
    CertificateStatus before = status();

    // When
    TestClock.moveOn(Duration.between(now(), Instant.parse(before.renewsAt())).plusSeconds(1));

    // Then
    await()
        .atMost(WITHOUT_AN_EVENT)
        .until(() -> !status().fingerprint().equals(before.fingerprint()));
    assertThat(status().fingerprint()).isEqualTo(fingerprint(text("main-tls", "tls.crt")));
    assertThat(Instant.parse(status().notAfter())).isAfter(Instant.parse(before.notAfter()));
    assertThat(status().authorityNotAfter()).isEqualTo(before.authorityNotAfter());
    assertThat(status().phase()).isEqualTo(AuthorityPhase.STABLE);
  }

  @Test
  void anOrderReplacesTheCertificateAtOnceAndTheAuthorityInItsTime() throws Exception {
    // Given
    apply("{}");
    await().atMost(SOON).until(() -> status() != null);
    String oldAuthority = text("main-ca", "ca.crt");
    String oldCertificate = text("main-tls", "tls.crt");
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {

      // When: it is ordered, and looked at again and again
      annotate("berth.dev/rotate-certificate", "now");
      await().atMost(SOON).until(() -> !text("main-tls", "tls.crt").equals(oldCertificate));
      String ordered = text("main-tls", "tls.crt");
      until(() -> status().nextPhaseAt() != null);

      // Then: the old authority signs, the next one is trusted
      assertThat(status().phase()).isEqualTo(AuthorityPhase.ANNOUNCED);
      assertThat(certificates("main-ca")).hasSize(2);
      assertThat(text("main-ca", "ca.crt")).startsWith(oldAuthority);
      assertThat(text("main-tls", "tls.crt")).as("once for each value").isEqualTo(ordered);
      String bundle = text("main-ca", "ca.crt");

      // When: another operator goes on after the period
      operator.restart();
      TestClock.moveOn(PERIOD);
      until(() -> status().phase() == AuthorityPhase.SWITCHED);

      // Then: the new authority signs, and what clients trust has not changed
      assertThat(text("main-ca", "ca.crt")).isEqualTo(bundle);
      assertThat(text("main-tls", "tls.crt")).isNotEqualTo(ordered);
      assertThat(text("main-keys", "ca.crt")).isNotEqualTo(oldAuthority);

      // When: a replica still shows the old one after the period
      replica.fingerprint.set(fingerprint(ordered));
      TestClock.moveOn(PERIOD);
      visit();
      visit();

      // Then: what it needs is still trusted, until it has taken the new one
      assertThat(status().phase()).isEqualTo(AuthorityPhase.SWITCHED);
      assertThat(text("main-ca", "ca.crt")).isEqualTo(bundle);
      replica.fingerprint.set(fingerprint(text("main-tls", "tls.crt")));
      until(() -> status().phase() == AuthorityPhase.STABLE);
      await()
          .atMost(SOON)
          .until(() -> text("main-ca", "ca.crt").equals(text("main-keys", "ca.crt")));
      assertThat(secret("main-keys").getData())
          .doesNotContainKeys("next-ca.crt", "next-ca.key", "previous-ca.crt");
    }
  }

  @Test
  void certManagerMayComeLaterAndEitherIssuerTakesOverFromTheOther() throws Exception {
    // Given: no such API
    String tls = "{externalHosts: [registry.example.com, 10.1.2.3], tls: {%s}}";
    String certManager =
        tls.formatted("certManager: {issuerRef: {name: public, kind: ClusterIssuer}}");
    apply(certManager);
    await().atMost(SOON).until(() -> "CertManagerMissing".equals(reason()));

    // When: it is installed
    client
        .load(Objects.requireNonNull(getClass().getResourceAsStream("/cert-manager-crd.yaml")))
        .create();

    // Then
    await().atMost(SOON).until(() -> asked() != null);
    assertThat(asked().<List<String>>get("spec", "dnsNames"))
        .containsExactly("registry.example.com");
    assertThat(asked().<List<String>>get("spec", "ipAddresses")).containsExactly("10.1.2.3");
    assertThat(asked().<String>get("spec", "issuerRef", "name")).isEqualTo("public");
    assertThat(asked().<String>get("spec", "issuerRef", "group")).isEqualTo("cert-manager.io");
    assertThat(asked().<String>get("spec", "secretName")).isEqualTo("main-tls");
    assertThat(asked().<String>get("spec", "privateKey", "rotationPolicy")).isEqualTo("Always");

    // When: cert-manager says why it waits, then issues
    certManagerSays("False", "Waiting for the challenge");
    await().atMost(SOON).until(() -> condition().message().contains("Waiting for the challenge"));
    assertThat(reason()).isEqualTo("CertificatePending");
    KeyPairPem authority = certManagerIssues();
    certManagerSays("True", "Certificate is up to date");

    // Then
    await().atMost(SOON).until(() -> "Issued".equals(reason()));
    assertThat(text("main-ca", "ca.crt")).isEqualTo(authority.certificate());
    assertThat(status().phase()).isNull();
    String version = asked().getMetadata().getResourceVersion();
    annotate("berth.dev/rotate-certificate", "now");
    await().atMost(SOON).until(() -> condition().message().contains("has no effect"));
    assertThat(asked().getMetadata().getResourceVersion()).isEqualTo(version);

    // When: the registry's own authority is to issue
    apply(tls.formatted("selfSigned: {}"));

    // Then: nobody fights over the Secret
    await().atMost(SOON).until(() -> asked() == null);
    await().atMost(SOON).until(() -> text("main-ca", "ca.crt").equals(text("main-keys", "ca.crt")));
    String own = text("main-tls", "tls.crt");
    assertThat(fingerprint(own)).isNotEqualTo(fingerprint(authority.certificate()));
    await().atMost(SOON).until(() -> fingerprint(own).equals(status().fingerprint()));

    // When: back again
    apply(certManager);
    await().atMost(SOON).until(() -> asked() != null);

    // Then: the pods keep what they have until there is another
    assertThat(text("main-tls", "tls.crt")).isEqualTo(own);
    await().atMost(SOON).until(() -> "CertificatePending".equals(reason()));
    assertThat(text("main-ca", "ca.crt")).isEqualTo(text("main-keys", "ca.crt"));

    // When: it is a public issuer, of whose authority cert-manager knows nothing
    certManagerIssues(false);
    certManagerSays("True", "Certificate is up to date");

    // Then: nobody is told to trust the registry's own any more
    until(() -> "Issued".equals(reason()));
    await().atMost(SOON).until(() -> find("main-ca") == null);
    await().atMost(SOON).until(() -> !secret("main-tls").getData().containsKey("ca.crt"));
    assertThat(reason()).isEqualTo("Issued");
  }

  @Test
  void aReplicaThatDoesNotTakeTheUsersNewCertificateIsToldOf() throws Exception {
    // Given
    CertificateIssuer issuer = new CertificateIssuer(Clock.fixed(now(), java.time.ZoneOffset.UTC));
    KeyPairPem first = issuer.selfSigned(List.of("registry.example.com"), Duration.ofDays(90));
    KeyPairPem second = issuer.selfSigned(List.of("registry.example.com"), Duration.ofDays(90));
    provide(first);
    apply("{externalHosts: [registry.example.com], tls: {secretRef: {name: own}}}");
    await().atMost(SOON).until(() -> find("main-keys") != null);
    try (FakeReplica replica = new FakeReplica(client, namespace, "main")) {
      replica.fingerprint.set(fingerprint(first.certificate()));
      until(() -> condition().message().startsWith("Secret own, valid until"));

      // When
      provide(second);

      // Then
      until(() -> condition().message().contains("still presents another one"));
      replica.fingerprint.set(fingerprint(second.certificate()));
      until(() -> !condition().message().contains("still presents"));
      assertThat(status().fingerprint()).isEqualTo(fingerprint(second.certificate()));
    }
  }

  private void provide(KeyPairPem pair) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("own")
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .addToData("tls.crt", encoded(pair.certificate()))
                .addToData("tls.key", encoded(pair.key()))
                .build())
        .serverSideApply();
  }

  /** Makes the operator look at the Registry until something is as it should be. */
  private void until(java.util.concurrent.Callable<Boolean> condition) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              annotate("touched", "t" + touched++);
              return condition.call();
            });
  }

  /** Makes the operator look at the Registry once, and waits until it has. */
  private void visit() {
    String description = "visit " + touched++;
    client
        .resource(
            generic(
                "AccessPolicy",
                "visit",
                """
                {registryRef: {name: main}, subjects: [{kind: User, name: u%d}],
                 rules: [{repositories: [a], actions: [Pull]}]}
                """
                    .formatted(touched)))
        .serverSideApply();
    await(description)
        .atMost(SOON)
        .until(
            () -> {
              var policy =
                  client
                      .resources(dev.berth.api.v1alpha1.accesspolicy.AccessPolicy.class)
                      .inNamespace(namespace)
                      .withName("visit")
                      .require();
              return policy.getStatus() != null
                  && policy
                      .getMetadata()
                      .getGeneration()
                      .equals(policy.getStatus().observedGeneration());
            });
  }

  private KeyPairPem certManagerIssues() throws Exception {
    return certManagerIssues(true);
  }

  private KeyPairPem certManagerIssues(boolean tellsOfItsAuthority) throws Exception {
    CertificateIssuer issuer = new CertificateIssuer(Clock.fixed(now(), java.time.ZoneOffset.UTC));
    KeyPairPem authority = issuer.authority("somebody", Duration.ofDays(400));
    KeyPairPem issued =
        issuer.issue(authority, List.of("registry.example.com", "10.1.2.3"), Duration.ofDays(90));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("main-tls")
                .withNamespace(namespace)
                .addToAnnotations("cert-manager.io/certificate-name", "main-tls")
                .addToLabels(asked().<Map<String, String>>get("spec", "secretTemplate", "labels"))
                .endMetadata()
                .withType("kubernetes.io/tls")
                .addToData("tls.crt", encoded(issued.certificate()))
                .addToData("tls.key", encoded(issued.key()))
                .addToData(
                    tellsOfItsAuthority
                        ? Map.of("ca.crt", encoded(authority.certificate()))
                        : Map.of())
                .build())
        .fieldManager("cert-manager-certificates-issuing")
        .forceConflicts()
        .serverSideApply();
    return authority;
  }

  private void certManagerSays(String ready, String message) {
    client
        .resource(asked())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"conditions": [
              {"type": "Ready", "status": "%s", "message": "%s", "observedGeneration": %d}]}}
            """
                .formatted(ready, message, asked().getMetadata().getGeneration()));
  }

  private GenericKubernetesResource asked() {
    return client
        .genericKubernetesResources(CERTIFICATES)
        .inNamespace(namespace)
        .withName("main-tls")
        .get();
  }

  private void apply(String spec) {
    client.resource(generic("Registry", "main", spec)).forceConflicts().serverSideApply();
  }

  private GenericKubernetesResource generic(String kind, String name, String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: %s}
        spec:
        %s
        """
            .formatted(kind, name, namespace, spec.strip().indent(2)),
        GenericKubernetesResource.class);
  }

  private void annotate(String name, String value) {
    client
        .resources(Registry.class)
        .inNamespace(namespace)
        .withName("main")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(name, value));
  }

  private Registry registry() {
    return client.resources(Registry.class).inNamespace(namespace).withName("main").require();
  }

  private CertificateStatus status() {
    Registry registry = registry();
    return registry.getStatus() == null ? null : registry.getStatus().certificate();
  }

  private Condition condition() {
    Registry registry = registry();
    Optional<Condition> valid =
        registry.getStatus() == null
            ? Optional.empty()
            : registry.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals("CertificateValid"))
                .findFirst();
    return valid.orElse(null);
  }

  private String reason() {
    Condition condition = condition();
    return condition == null ? null : condition.reason();
  }

  private Secret secret(String name) {
    return client.secrets().inNamespace(namespace).withName(name).require();
  }

  private Secret find(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private String text(String secret, String key) {
    return Objects.requireNonNull(SecretText.of(secret(secret), key));
  }

  private List<?> certificates(String secret) throws Exception {
    return List.copyOf(
        java.security.cert.CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(
                    text(secret, "ca.crt").getBytes(StandardCharsets.US_ASCII))));
  }

  private static String fingerprint(String certificate) {
    try {
      return CertificateFacts.fingerprint(certificate);
    } catch (java.security.cert.CertificateException e) {
      throw new AssertionError(e);
    }
  }

  private static Instant now() {
    return new TestClock().clock().instant();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
