package dev.berth.e2e;

import static dev.berth.e2e.RunningSystem.NAMESPACE;
import static dev.berth.e2e.RunningSystem.REGISTRY;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A kubelet pulls with the Secrets that an AccessPolicy keeps: with {@code -Dcluster=real} alone,
 * for the quickstart has no node that could.
 */
@NullUnmarked // a null is a failed test
@ResourceLock("ports of a node")
@EnabledIfSystemProperty(named = "cluster", matches = "real")
@EnabledIfEnvironmentVariable(named = "KUBECONFIG", matches = ".+")
class PodsPullIT {
  private static final String IMAGE = REGISTRY + "/demo/app:v1";
  private static final String CHOSEN = "pods-pull-chosen";
  private static final String OTHER = "pods-pull-other";
  private static final Map<String, String> LABELS = Map.of("pulls", "demo");
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir static Path folder;
  private static RunningSystem system;
  private static KubernetesClient client;
  private static NodeTrust trust;
  private static TrialPods pods;

  @BeforeAll
  static void start() throws Exception {
    Program.installed("buildah", Map.of());
    system = RunningSystem.start(folder.resolve("state"));
    client = system.client();
    pods = new TrialPods(client, SOON);
    Secret ca = client.secrets().inNamespace(NAMESPACE).withName("main-ca").require();
    byte[] authority = Base64.getDecoder().decode(ca.getData().get("ca.crt"));
    trust = NodeTrust.in(REGISTRY, authority);
    ContainerTool buildah =
        ContainerTool.installed(
            "buildah",
            folder.resolve("buildah"),
            REGISTRY,
            Files.write(folder.resolve("ca.crt"), authority));
    buildah.login(REGISTRY, "berth", system.password());
    TrialPods.push(buildah, folder, IMAGE);
    RunningSystem.namespace(client, CHOSEN, LABELS);
    RunningSystem.namespace(client, OTHER, Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    if (trust != null) {
      trust.close();
    }
    if (client != null) {
      client.namespaces().withName(CHOSEN).delete();
      client.namespaces().withName(OTHER).delete();
      client.close();
    }
    if (system != null) {
      system.close();
    }
  }

  @BeforeEach
  void applyPolicy() {
    client
        .resource(
            """
            apiVersion: berth.dev/v1alpha1
            kind: AccessPolicy
            metadata: {name: apps, namespace: registries}
            spec:
              registryRef: {name: main}
              subjects: [{kind: User, name: berth}]
              rules: [{repositories: ["demo/**"], actions: [Pull]}]
              pullSecrets:
                name: registry
                namespaces: {from: Selector, selector: {matchLabels: {pulls: demo}}}
                attachToServiceAccounts: [default]
            """)
        .serverSideApply();
    awaitAttached(true);
  }

  @Test
  void aPodRunsWhatItsNamespaceMayPullAndThatOfAnotherNamespaceDoesNot() {
    // When
    pods.create(CHOSEN, "allowed", IMAGE);
    pods.create(OTHER, "stranger", IMAGE);

    // Then
    pods.awaitEnd(CHOSEN, "allowed");
    awaitRefused(OTHER, "stranger");
  }

  @Test
  void aPodPullsNoMoreOnceThePolicyIsGone() {
    // Given
    pods.create(CHOSEN, "before", IMAGE);
    pods.awaitEnd(CHOSEN, "before");
    Secret copy = client.secrets().inNamespace(CHOSEN).withName("registry").require();

    // When
    client.resources(AccessPolicy.class).inNamespace(NAMESPACE).withName("apps").delete();
    awaitAttached(false);

    // Then: neither without the Secret nor with what it was
    pods.create(CHOSEN, "after", IMAGE);
    awaitRefused(CHOSEN, "after");
    copy.getMetadata().setName("kept");
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setUid(null);
    copy.getMetadata().setLabels(Map.of());
    copy.getMetadata().setAnnotations(Map.of());
    copy.getMetadata().setOwnerReferences(List.of());
    copy.getMetadata().setManagedFields(List.of());
    client.resource(copy).create();
    pods.create(CHOSEN, "with-what-was-kept", IMAGE, "kept");
    awaitRefused(CHOSEN, "with-what-was-kept");
  }

  @Test
  void aNamespaceThatIsChosenNoMorePullsNoMore() {
    // When
    RunningSystem.namespace(client, CHOSEN, Map.of("pulls", "nothing"));
    try {
      awaitAttached(false);

      // Then
      pods.create(CHOSEN, "not-chosen", IMAGE);
      awaitRefused(CHOSEN, "not-chosen");
    } finally {
      RunningSystem.namespace(client, CHOSEN, LABELS);
    }
  }

  private static void awaitAttached(boolean wanted) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              ServiceAccount account =
                  client.serviceAccounts().inNamespace(CHOSEN).withName("default").get();
              boolean attached =
                  account != null
                      && account.getImagePullSecrets().stream()
                          .map(LocalObjectReference::getName)
                          .anyMatch("registry"::equals);
              boolean copied =
                  client.secrets().inNamespace(CHOSEN).withName("registry").get() != null;
              return attached == wanted && copied == wanted;
            });
  }

  private static void awaitRefused(String namespace, String name) {
    pods.awaitRefused(namespace, name);
    pods.delete(namespace, name);
  }
}
