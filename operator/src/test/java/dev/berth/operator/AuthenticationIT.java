package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.fault.Fault;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Who may log in: ServiceAccounts of the cluster and the keys of their tokens, as the policy Secret
 * has them, and the Secrets by which others are known.
 */
@NullUnmarked // a null is a failed test
class AuthenticationIT {

  /** Less than the time until a Registry is visited to which nothing happens. */
  private static final Duration SOON = Duration.ofSeconds(15);

  private static RunningOperator operator;
  private static KubernetesClient client;
  private String namespace;
  private FakeReplica replica;

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator(Map.of("berth.token-keys-interval", "200ms"));
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void registryThatLetsTheBuilderPush(TestInfo test) throws Exception {
    namespace = "s" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
    operator.namespace(namespace);
    apply("Registry", "main", "{}");
    apply(
        "AccessPolicy",
        "ci",
        """
        {registryRef: {name: main}, rules: [{repositories: [app], actions: [Push]}],
         subjects: [{kind: ServiceAccount, name: builder, namespace: %s}]}
        """
            .formatted(namespace));
    await()
        .atMost(SOON)
        .until(() -> client.secrets().inNamespace(namespace).withName("main-keys").get() != null);
    // Without one, the Registry would be visited every few seconds, whatever happens.
    replica = new FakeReplica(client, namespace, "main");
    await()
        .atMost(SOON)
        .until(() -> tokens(namespace) != null && content(namespace).grants().size() == 1);
    await().atMost(SOON).until(this::isIdle);
  }

  @AfterEach
  void endReplica() {
    replica.close();
  }

  @Test
  void oneThatComesIsMadeAnewOrGoesIsKnownAtOnce() {
    // Given
    assertThat(tokens(namespace).uids()).isEmpty();

    // When: with what most have
    ServiceAccount first =
        client
            .resource(
                new ServiceAccountBuilder(account("builder"))
                    .editMetadata()
                    .addToLabels("app", "builder")
                    .endMetadata()
                    .addNewSecret()
                    .withName("builder-dockercfg")
                    .endSecret()
                    .build())
            .create();

    // Then
    awaitUids(Map.of(namespace, Map.of("builder", uid(first))));

    // When
    client.resource(first).delete();
    ServiceAccount second = client.resource(account("builder")).create();

    // Then
    assertThat(uid(second)).isNotEqualTo(uid(first));
    awaitUids(Map.of(namespace, Map.of("builder", uid(second))));

    // When
    client.resource(second).delete();

    // Then
    awaitUids(Map.of());
  }

  @Test
  void oneThatNoAccessPolicyNamesConcernsNobody() {
    // Given
    ServiceAccount other = client.resource(account("other")).create();
    ServiceAccount builder = client.resource(account("builder")).create();
    awaitUids(Map.of(namespace, Map.of("builder", uid(builder))));

    // When
    apply(
        "AccessPolicy",
        "team",
        """
        {registryRef: {name: main}, rules: [{repositories: [app], actions: [Pull]}],
         subjects: [{kind: ServiceAccount, namespace: %s}]}
        """
            .formatted(namespace));

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(tokens(namespace).uids().get(namespace))
                    .containsEntry("builder", uid(builder))
                    .containsEntry("other", uid(other)));
  }

  @Test
  void keysThatAreRotatedArriveWithoutAnOrder() {
    // Given
    ClusterTokens before = tokens(namespace);
    assertThat(before.keys()).contains("\"kty\":\"RSA\"");
    assertThat(before.issuer()).startsWith("https://");

    // When
    operator.rotateTokenKeys();

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(tokens(namespace).keys()).isNotEqualTo(before.keys()));
    assertThat(tokens(namespace).issuer()).isEqualTo(before.issuer());
  }

  @Test
  void anOperatorThatIsNotToldTheKeysKeepsThoseInForce() {
    // Given
    ClusterTokens before = tokens(namespace);
    try (var none =
        operator
            .faults()
            .on(RunningOperator.itsCalls(call -> call.resource().isEmpty()), Fault.answer(403))) {
      // When
      operator.restart();
      apply(
          "AccessPolicy",
          "more",
          "{registryRef: {name: main}, subjects: [{kind: User, name: u}], rules: [{repositories: [a], actions: [Pull]}]}");

      // Then
      await().atMost(SOON).until(() -> content(namespace).grants().size() == 2);
      assertThat(none.count()).isPositive();
      assertThat(tokens(namespace)).isEqualTo(before);
    }
  }

  @Test
  void aRegistryThatTakesNoSuchTokensHasNoKeys() {
    // When
    apply("Registry", "main", "{authentication: {serviceAccounts: {enabled: false}}}");

    // Then
    await().atMost(SOON).until(() -> tokens(namespace) == null);
  }

  @Test
  void aDirectoryWhoseSecretIsMissingIsSaidAndTheSecretIsTakenWhenItComes() {
    // When
    apply(
        "Registry",
        "main",
        """
        {authentication: {ldap: {url: "ldaps://ldap.example.com", userSearchBase: "o=a", bindSecretRef: {name: ldap}}}}
        """);

    // Then
    await().atMost(SOON).until(() -> authentication().reason().equals("SecretMissing"));
    assertThat(authentication().status()).isEqualTo(ConditionStatus.FALSE);
    assertThat(authentication().message()).contains("Secret ldap", "ldaps://ldap.example.com");

    // When
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("ldap")
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("dn", "cn=reader")
                .addToStringData("password", "secret")
                .build())
        .create();

    // Then
    await().atMost(SOON).until(() -> authentication().status() == ConditionStatus.TRUE);
    assertThat(authentication().message())
        .isEqualTo(
            "Who can log in: ServiceAccounts of this cluster, users of ldaps://ldap.example.com");
    assertThat(
            client
                .configMaps()
                .inNamespace(namespace)
                .withName("main-config")
                .require()
                .getData()
                .get("registry.yaml"))
        .contains("ldap/password")
        .doesNotContain("secret\"");
  }

  @Test
  void theClustersOwnIssuerIsNoOther() {
    // When
    apply(
        "Registry",
        "main",
        "{authentication: {oidc: [{issuer: \"%s\", audience: a}]}}"
            .formatted(tokens(namespace).issuer()));

    // Then
    await().atMost(SOON).until(() -> authentication().reason().equals("InvalidSpec"));
    assertThat(authentication().message()).contains("oidc[0]", "this cluster's own");
  }

  private Condition authentication() {
    return Scenario.condition(registry(), "AuthenticationReady").orElseThrow();
  }

  private Registry registry() {
    return client.resources(Registry.class).inNamespace(namespace).withName("main").require();
  }

  /** Whether nothing is left to do that would make another visit. */
  private boolean isIdle() {
    return replica.policy() != null
        && replica.policy().content().equals(content(namespace))
        && Scenario.isTrue(registry(), "PolicyEnforced");
  }

  private void awaitUids(Map<String, Map<String, String>> uids) {
    await().atMost(SOON).untilAsserted(() -> assertThat(tokens(namespace).uids()).isEqualTo(uids));
  }

  private ServiceAccount account(String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  private static String uid(ServiceAccount account) {
    return account.getMetadata().getUid();
  }

  private static ClusterTokens tokens(String namespace) {
    PolicyDocument.Content content = content(namespace);
    return content == null ? null : content.clusterTokens();
  }

  private static PolicyDocument.Content content(String namespace) {
    Secret secret = client.secrets().inNamespace(namespace).withName("main-policy").get();
    if (secret == null) {
      return null;
    }
    try {
      return PolicyDocumentFormat.read(
              Base64.getDecoder().decode(secret.getData().get("policy.json.gz")))
          .content();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(String kind, String name, String spec) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: berth.dev/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec:
                %s
                """
                    .formatted(kind, name, namespace, spec.strip().indent(2)),
                GenericKubernetesResource.class))
        .forceConflicts()
        .serverSideApply();
  }
}
