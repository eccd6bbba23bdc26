package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullUnmarked;

/**
 * A Registry with a Repository and an AccessPolicy in a namespace, the cluster around it (a volume,
 * a pod that takes policies), and what it all comes to when everything has gone well in the end.
 */
@NullUnmarked // a null is a failed test
final class Scenario implements AutoCloseable {
  static final List<Class<? extends HasMetadata>> CHILD_KINDS =
      List.of(
          ServiceAccount.class,
          ConfigMap.class,
          Secret.class,
          PersistentVolumeClaim.class,
          Deployment.class,
          Service.class,
          NetworkPolicy.class);
  static final List<String> CHILDREN =
      List.of(
          "ConfigMap/main-config",
          "Deployment/main",
          "NetworkPolicy/main",
          "PersistentVolumeClaim/main-data",
          "Secret/main-ca",
          "Secret/main-keys",
          "Secret/main-policy",
          "Secret/main-tls",
          "Service/main",
          "Service/main-management",
          "ServiceAccount/main");

  private final KubernetesClient client;
  private final BiConsumer<String, String> storage;
  private final String namespace;
  private final String name;
  private FakeReplica replica;

  Scenario(RunningOperator operator, String namespace) {
    this(operator.client(), operator::bind, namespace, "main");
  }

  /** With what gives a claim, by namespace and name, its volume. */
  Scenario(
      KubernetesClient client, BiConsumer<String, String> storage, String namespace, String name) {
    this.client = client;
    this.storage = storage;
    this.namespace = namespace;
    this.name = name;
  }

  /** Asks for everything. */
  void create() {
    apply("Registry", "main", "{}");
    apply("Repository", "app", "{registryRef: {name: main}, path: team/app}");
    grant("ci", "ci");
  }

  void grant(String name, String user) {
    apply(
        "AccessPolicy",
        name,
        """
        {registryRef: {name: main}, subjects: [{kind: User, name: %s}],
         rules: [{repositories: [team/app], actions: [Pull]}]}
        """
            .formatted(user));
  }

  /** Does once what a cluster does, as far as the operator has come; whether that was all. */
  boolean attend() throws Exception {
    PersistentVolumeClaim claim =
        client.persistentVolumeClaims().inNamespace(namespace).withName(name + "-data").get();
    if (claim != null && !"Bound".equals(claim.getStatus().getPhase())) {
      storage.accept(namespace, name + "-data");
    }
    if (replica == null
        && client.secrets().inNamespace(namespace).withName(name + "-keys").get() != null) {
      replica = new FakeReplica(client, namespace, name);
    }
    return claim != null && replica != null;
  }

  /** Waits until all three objects are Ready, being the cluster meanwhile. */
  void awaitReady(Duration atMost) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              attend();
              return isReady();
            });
  }

  boolean isReady() {
    return isTrue(registry(), "Ready")
        && isTrue(get(Repository.class, "app"), "Ready")
        && isTrue(get(AccessPolicy.class, "ci"), "Enforced");
  }

  Registry registry() {
    return get(Registry.class, "main");
  }

  FakeReplica replica() {
    return replica;
  }

  <T extends HasMetadata> T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }

  /** Every child is there once, and those that depend on each other belong together. */
  void assertWhole() throws IOException {
    Map<String, HasMetadata> children = children();
    assertThat(children.keySet()).containsExactlyElementsOf(CHILDREN);
    Secret keys = (Secret) children.get("Secret/main-keys");
    Secret tls = (Secret) children.get("Secret/main-tls");
    String authority = SecretText.of(keys, "ca.crt");
    assertThat(SecretText.of((Secret) children.get("Secret/main-ca"), "ca.crt"))
        .isEqualTo(authority);
    assertThat(
            CertificateFacts.signedBy(
                new KeyPairPem(SecretText.of(tls, "tls.crt"), SecretText.of(tls, "tls.key")),
                new KeyPairPem(authority, SecretText.of(keys, "ca.key"))))
        .isTrue();
    String policy = ((Secret) children.get("Secret/main-policy")).getData().get("policy.json.gz");
    assertThat(PolicyDocumentFormat.read(Base64.getDecoder().decode(policy)).revision())
        .isEqualTo(replica.policy().revision())
        .isEqualTo(registry().getStatus().policy().revision());
    assertThat(replica.policy().content().grants()).hasSize(1);
  }

  /** Kind/name to what the operator made in this namespace. */
  Map<String, HasMetadata> children() {
    Map<String, HasMetadata> children = new TreeMap<>();
    for (Class<? extends HasMetadata> kind : CHILD_KINDS) {
      client
          .resources(kind)
          .inNamespace(namespace)
          .withLabel("app.kubernetes.io/managed-by", "berth")
          .list()
          .getItems()
          .forEach(
              child -> children.put(child.getKind() + "/" + child.getMetadata().getName(), child));
    }
    return children;
  }

  Optional<Condition> condition(String type) {
    return condition(registry(), type);
  }

  static Optional<Condition> condition(CustomResource<?, ?> object, String type) {
    List<Condition> conditions =
        switch (object) {
          case Registry r -> r.getStatus() == null ? List.of() : r.getStatus().conditions();
          case Repository r -> r.getStatus() == null ? List.of() : r.getStatus().conditions();
          case AccessPolicy p -> p.getStatus() == null ? List.of() : p.getStatus().conditions();
          case null, default -> List.of();
        };
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  static boolean isTrue(CustomResource<?, ?> object, String type) {
    return condition(object, type).filter(c -> c.status() == ConditionStatus.TRUE).isPresent();
  }

  void apply(String kind, String name, String spec) {
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

  /** Annotates the Registry, whatever the operator writes meanwhile. */
  void annotate(String annotation, String value) {
    client
        .resources(Registry.class)
        .inNamespace(namespace)
        .withName("main")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
  }

  /** Takes away what makes the operator act. */
  void delete() {
    client.resources(AccessPolicy.class).inNamespace(namespace).delete();
    client.resources(Repository.class).inNamespace(namespace).delete();
    client.resources(Registry.class).inNamespace(namespace).delete();
  }

  @Override
  public void close() {
    if (replica != null) {
      replica.close();
    }
  }
}
