package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;

/**
 * Finds out who writes to a claim that a registry is about to start on: the last pod of a Registry
 * that was deleted, which still ends, or another server on the user's claim. A registry that has
 * pods on this claim is not asked about, since its workload replaces them in order.
 */
final class ClaimUse {
  /** How many are named. */
  private static final int NAMED = 3;

  private ClaimUse() {}

  static List<String> users(
      Registry registry, RegistryNames names, String claim, Context<Registry> context) {
    return registry.getSpec().replicas() == 0 || hasPodsOn(claim, registry, names, context)
        ? List.of()
        : context.getClient().pods().inNamespace(names.namespace()).list().getItems().stream()
            .filter(Pods::isActive)
            .filter(pod -> writesTo(claim, pod.getSpec()))
            .map(pod -> pod.getMetadata().getName())
            .sorted()
            .limit(NAMED)
            .toList();
  }

  private static boolean hasPodsOn(
      String claim, Registry registry, RegistryNames names, Context<Registry> context) {
    Deployment workload =
        context
            .getSecondaryResourcesAsStream(Deployment.class)
            .filter(deployment -> deployment.getMetadata().getName().equals(names.workload()))
            .findFirst()
            .orElseGet(
                () ->
                    context
                        .getClient()
                        .apps()
                        .deployments()
                        .inNamespace(names.namespace())
                        .withName(names.workload())
                        .get());
    return workload != null
        && isOf(registry, workload)
        && (workload.getSpec().getReplicas() == null || workload.getSpec().getReplicas() > 0)
        && writesTo(claim, workload.getSpec().getTemplate().getSpec());
  }

  /** What an earlier Registry of this name left is being taken away, whatever it looks like. */
  private static boolean isOf(Registry registry, Deployment workload) {
    List<OwnerReference> owners = workload.getMetadata().getOwnerReferences();
    return owners.isEmpty()
        || owners.stream()
            .anyMatch(owner -> owner.getUid().equals(registry.getMetadata().getUid()));
  }

  private static boolean writesTo(String claim, PodSpec pod) {
    return pod.getVolumes().stream()
        .map(volume -> volume.getPersistentVolumeClaim())
        .anyMatch(
            source ->
                source != null
                    && source.getClaimName().equals(claim)
                    && !Boolean.TRUE.equals(source.getReadOnly()));
  }
}
