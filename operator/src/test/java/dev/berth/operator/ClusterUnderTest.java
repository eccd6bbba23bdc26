package dev.berth.operator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.embedded.EmbeddedApi;
import dev.berth.embedded.RealOptions;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes that a test works with: the API in memory; with {@code -Dcluster=real} the cluster
 * that {@code KUBECONFIG} names, else a kube-apiserver of the test's own.
 *
 * <p>On a whole cluster the test still plays the registries' pods: a quota keeps the cluster from
 * making any, so that what a suite shows does not depend on images, and the same tests run
 * everywhere.
 */
@NullUnmarked // a null is a failed test
final class ClusterUnderTest implements AutoCloseable {
  /** Of what a test makes that no namespace takes with it, and of its namespaces. */
  static final String LABEL = "berth.dev/test";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final @Nullable EmbeddedApi embedded;
  private final String kubeconfig;
  private final KubernetesClient client;

  private ClusterUnderTest(@Nullable EmbeddedApi embedded, String kubeconfig) {
    this.embedded = embedded;
    this.kubeconfig = kubeconfig;
    this.client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
  }

  static ClusterUnderTest open() throws IOException {
    if (!"real".equals(System.getProperty("cluster"))) {
      return embedded(EmbeddedApi.mock());
    }
    String given = System.getenv("KUBECONFIG");
    if (given == null || given.isEmpty()) {
      return embedded(
          EmbeddedApi.real(
              RealOptions.fromEnvironment()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "-Dcluster=real needs KUBECONFIG, or kube-apiserver, etcd and kubectl"
                                  + " in the folder that "
                                  + RealOptions.BINARIES_VARIABLE
                                  + " names"))));
    }
    ClusterUnderTest cluster = new ClusterUnderTest(null, Files.readString(Path.of(given)));
    cluster.clear();
    return cluster;
  }

  private static ClusterUnderTest embedded(EmbeddedApi api) {
    return new ClusterUnderTest(api, api.kubeconfigYaml());
  }

  String kubeconfig() {
    return kubeconfig;
  }

  KubernetesClient client() {
    return client;
  }

  /** What goes wrong with the API; a test that orders it is skipped with a real one. */
  Faults faults() {
    assumeTrue(!isReal(), "only the API in memory fails as it is told");
    return Objects.requireNonNull(embedded).faults();
  }

  /**
   * Has the API sign tokens with another key; a test that asks for it is skipped with a real one.
   */
  void rotateTokenKeys() {
    assumeTrue(!isReal(), "a kube-apiserver keeps its key");
    Objects.requireNonNull(embedded).rotateTokenKeys();
  }

  /** Whether the API is a kube-apiserver. */
  boolean isReal() {
    return embedded == null || embedded.isReal();
  }

  /** Whether controllers and a node are at work that the test does not play. */
  boolean isWhole() {
    return embedded == null;
  }

  void namespace(String name, Map<String, String> labels) {
    Namespace namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .addToLabels(LABEL, "true")
            .endMetadata()
            .build();
    // A busy machine makes the client repeat what it heard no answer to.
    client.resource(namespace).serverSideApply();
    if (isWhole()) {
      client
          .resource(
              new ResourceQuotaBuilder()
                  .withNewMetadata()
                  .withName("no-pods-but-the-tests")
                  .withNamespace(name)
                  .endMetadata()
                  .withNewSpec()
                  .addToHard("count/replicasets.apps", new Quantity("0"))
                  .endSpec()
                  .build())
          .create();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  client.serviceAccounts().inNamespace(name).withName("default").get() != null
                      && client
                              .resourceQuotas()
                              .inNamespace(name)
                              .withName("no-pods-but-the-tests")
                              .get()
                              .getStatus()
                          != null);
    }
  }

  /** Gives a claim its volume, as the cluster's storage would. */
  void bind(String namespace, String claim) {
    if (isWhole()) {
      if (!isBound(namespace, claim)) {
        provide(client.persistentVolumeClaims().inNamespace(namespace).withName(claim).require());
      }
      await().atMost(LIMIT).until(() -> isBound(namespace, claim));
      return;
    }
    bindByStatus(client, namespace, claim);
  }

  private boolean isBound(String namespace, String claim) {
    return "Bound"
        .equals(
            client
                .persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim)
                .require()
                .getStatus()
                .getPhase());
  }

  /** As the cluster's storage would say it, where no controller contradicts. */
  static void bindByStatus(KubernetesClient client, String namespace, String claim) {
    client
        .persistentVolumeClaims()
        .inNamespace(namespace)
        .withName(claim)
        .editStatus(
            now -> {
              now.setStatus(
                  new PersistentVolumeClaimStatusBuilder()
                      .withPhase("Bound")
                      .withCapacity(now.getSpec().getResources().getRequests())
                      .build());
              return now;
            });
  }

  private void provide(PersistentVolumeClaim claim) {
    client
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(claim.getMetadata().getNamespace() + "-" + claim.getMetadata().getName())
                .addToLabels(LABEL, "true")
                .endMetadata()
                .withNewSpec()
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withAccessModes(claim.getSpec().getAccessModes())
                .withStorageClassName(claim.getSpec().getStorageClassName())
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewClaimRef()
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .endClaimRef()
                .withNewHostPath()
                .withPath("/var/tmp/berth-test/" + claim.getMetadata().getUid())
                .endHostPath()
                .endSpec()
                .build())
        .create();
  }

  /** Takes away what this and earlier tests made on a cluster that stays. */
  private void clear() {
    client.namespaces().withLabel(LABEL).delete();
    client.persistentVolumes().withLabel(LABEL).delete();
    client.storage().v1().storageClasses().withLabel(LABEL).delete();
    client.apiextensions().v1().customResourceDefinitions().withLabel(LABEL).delete();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                client.namespaces().withLabel(LABEL).list().getItems().isEmpty()
                    && client.persistentVolumes().withLabel(LABEL).list().getItems().isEmpty());
  }

  /** Takes away the three kinds, which tests leave on a cluster that stays. */
  void removeDefinitions() {
    client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
        .filter(definition -> definition.getSpec().getGroup().equals("berth.dev"))
        .forEach(
            definition -> {
              client.resource(definition).delete();
              client.resource(definition).waitUntilCondition(Objects::isNull, 1, TimeUnit.MINUTES);
            });
  }

  /** To be called while the operator runs: it lets go of what it holds back. */
  void clearIfWhole() {
    if (isWhole()) {
      clear();
    }
  }

  @Override
  public void close() {
    client.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
