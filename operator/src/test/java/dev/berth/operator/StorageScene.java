package dev.berth.operator;

import static org.awaitility.Awaitility.await;

import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;

/** Registries, claims and pods of one namespace, and what the storage controllers would do. */
@NullUnmarked // a null is a failed test
record StorageScene(RunningOperator operator, String namespace) {
  static final Duration SOON = Duration.ofSeconds(15);
  static final String GROWS = "grows";
  static final String FIXED = "fixed";

  static void storageClasses(KubernetesClient client) {
    for (String name : new String[] {GROWS, FIXED}) {
      client
          .resource(
              new StorageClassBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .addToLabels(ClusterUnderTest.LABEL, "true")
                  .endMetadata()
                  .withProvisioner("example.com/none")
                  .withAllowVolumeExpansion(name.equals(GROWS))
                  .build())
          .serverSideApply();
    }
  }

  private KubernetesClient client() {
    return operator.client();
  }

  void apply(String name, String spec) {
    client()
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: berth.dev/v1alpha1
                kind: Registry
                metadata: {name: %s, namespace: %s}
                spec: %s
                """
                    .formatted(name, namespace, spec),
                GenericKubernetesResource.class))
        .forceConflicts()
        .serverSideApply();
  }

  Resource<Registry> registry(String name) {
    return client().resources(Registry.class).inNamespace(namespace).withName(name);
  }

  boolean isGone(String name) {
    return registry(name).get() == null;
  }

  /** Whether the status is that of the newest spec. */
  boolean isObserved(String name) {
    Registry registry = registry(name).require();
    return Objects.equals(
        registry.getMetadata().getGeneration(), registry.getStatus().observedGeneration());
  }

  /** Reason of a condition; "" while there is none. */
  String reason(String name, String type) {
    return condition(name, type) == null ? "" : condition(name, type).reason();
  }

  Condition condition(String name, String type) {
    Registry registry = registry(name).get();
    return registry == null || registry.getStatus() == null
        ? null
        : registry.getStatus().conditions().stream()
            .filter(condition -> condition.type().equals(type))
            .findFirst()
            .orElse(null);
  }

  void awaitReason(String name, String type, String reason) {
    await().atMost(SOON).until(() -> reason(name, type), reason::equals);
  }

  /** Adds a finalizer of Kubernetes' own, as a deletion of that kind does. */
  void addFinalizer(String name, String finalizer) {
    edit(name, registry -> registry.getMetadata().getFinalizers().add(finalizer));
  }

  void removeFinalizer(String name, String finalizer) {
    edit(name, registry -> registry.getMetadata().getFinalizers().remove(finalizer));
  }

  void annotate(String name, Map<String, String> annotations) {
    edit(name, registry -> registry.getMetadata().setAnnotations(annotations));
  }

  private void edit(String name, Consumer<Registry> change) {
    // The operator writes the status meanwhile: a conflict is no failure.
    await()
        .atMost(SOON)
        .ignoreException(KubernetesClientException.class)
        .until(
            () ->
                registry(name)
                        .edit(
                            registry -> {
                              change.accept(registry);
                              return registry;
                            })
                    != null);
  }

  Resource<PersistentVolumeClaim> claim(String name) {
    return client().persistentVolumeClaims().inNamespace(namespace).withName(name);
  }

  String requested(String claim) {
    return claim(claim).require().getSpec().getResources().getRequests().get("storage").toString();
  }

  boolean isEnding(String claim) {
    PersistentVolumeClaim found = claim(claim).get();
    return found == null || found.getMetadata().getDeletionTimestamp() != null;
  }

  PersistentVolumeClaim createClaim(String name, UnaryOperator<PersistentVolumeClaimBuilder> more) {
    return client()
        .resource(
            more.apply(
                    new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withStorageClassName(GROWS)
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity("1Gi"))
                        .endResources()
                        .endSpec())
                .build())
        .create();
  }

  /** As the storage controllers do. */
  void bind(String claim, String capacity, String... conditions) {
    await().atMost(SOON).until(() -> claim(claim).get() != null);
    if (operator.isWhole()) {
      // Its controllers bind; what a driver says of the volume, they leave alone.
      operator.bind(namespace, claim);
    }
    claim(claim)
        .editStatus(
            found ->
                new PersistentVolumeClaimBuilder(found)
                    .withNewStatus()
                    .withPhase("Bound")
                    .withCapacity(Map.of("storage", new Quantity(capacity)))
                    .withConditions(
                        Stream.of(conditions)
                            .map(
                                type ->
                                    new PersistentVolumeClaimConditionBuilder()
                                        .withType(type)
                                        .withStatus("True")
                                        .withMessage("as the driver says")
                                        .build())
                            .toList())
                    .endStatus()
                    .build());
  }

  Deployment workload(String name) {
    return client().apps().deployments().inNamespace(namespace).withName(name).get();
  }

  int replicas(String name) {
    Deployment workload = workload(name);
    return workload == null ? -1 : workload.getSpec().getReplicas();
  }

  /** A workload that somebody else owns, with a pod template that mounts the claim. */
  void createWorkload(String name, String claim, String owner) {
    Map<String, String> labels =
        Map.of("app.kubernetes.io/managed-by", "berth", "berth.dev/registry", name);
    client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .addNewOwnerReference()
                .withApiVersion("berth.dev/v1alpha1")
                .withKind("Registry")
                .withName(name)
                .withUid(owner)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("the-test")
                .addNewContainer()
                .withName("registry")
                .withImage("registry:2")
                .endContainer()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  Pod createPod(String in, String name, String image, String claim) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(in)
            .endMetadata()
            .withNewSpec()
            .withSchedulerName("the-test") // else others write its status
            .addNewContainer()
            .withName("main")
            .withImage(image)
            .endContainer()
            .endSpec();
    if (claim != null) {
      pod.editSpec()
          .addNewVolume()
          .withName("data")
          .withNewPersistentVolumeClaim()
          .withClaimName(claim)
          .endPersistentVolumeClaim()
          .endVolume()
          .endSpec();
    }
    return client().resource(pod.build()).create();
  }

  void finish(Pod pod) {
    Pod finished =
        new PodBuilder(pod)
            .withStatus(new PodStatusBuilder().withPhase("Succeeded").build())
            .build();
    finished.getMetadata().setResourceVersion(null);
    client().resource(finished).updateStatus();
  }

  /**
   * As the controller does that protects claims which pods use, under a name that it leaves alone.
   */
  void protect(String claim, boolean isProtected) {
    claim(claim)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"finalizers\":%s}}"
                .formatted(isProtected ? "[\"example.com/in-use\"]" : "null"));
  }
}
