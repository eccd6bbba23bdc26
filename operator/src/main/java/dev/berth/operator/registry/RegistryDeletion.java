package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.DeletionPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Refusal;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.check.ClaimRivals;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the claim of a Registry whose {@code deletionPolicy} is Delete, and only once no pod runs
 * its images. Until then a finalizer holds the Registry, which goes on serving. No other Registry
 * has one.
 */
final class RegistryDeletion {
  static final String FINALIZER = "berth.dev/images";

  private static final Logger LOG = LoggerFactory.getLogger(RegistryDeletion.class);
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final ImagesInUse images;

  RegistryDeletion(Clock clock) {
    this.images = new ImagesInUse(clock);
  }

  /** Whether the operator has a say in the end of this Registry. */
  static boolean holds(Registry registry) {
    return registry.getMetadata().getFinalizers().contains(FINALIZER);
  }

  static boolean isDeleted(Registry registry) {
    return registry.getMetadata().getDeletionTimestamp() != null;
  }

  /**
   * Lets the Registry go, with or without its claim. The framework's own way reads the Registry
   * again where it meets a conflict, for which the operator has no right. Where it does not apply,
   * there is another visit.
   */
  static void release(Registry registry, Context<Registry> context) {
    TestedPatch.removeFinalizer(registry, FINALIZER, context.getClient());
  }

  void forget(ObjectKey registry) {
    images.forget(registry);
  }

  /** Brings the finalizer to what the spec says; of a Registry being deleted, why it must stay. */
  Optional<Finding> decide(Registry registry, Context<Registry> context) {
    boolean wanted =
        registry.getSpec().deletionPolicy() == DeletionPolicy.DELETE
            && StorageChoice.isOwnClaim(registry.getSpec());
    if (!isDeleted(registry)) {
      if (wanted && !holds(registry)) {
        context.resourceOperations().addFinalizerWithSSA(FINALIZER);
      } else if (!wanted) {
        release(registry, context);
      }
      return Optional.empty();
    }
    if (!wanted) {
      release(registry, context);
      return Optional.empty();
    }
    try {
      return delete(registry, context);
    } catch (KubernetesClientException e) {
      String words = Refusal.words(e);
      LOG.warn("registry {} cannot be deleted: {}", ObjectKey.of(registry), words);
      return Optional.of(
          finding(
              registry,
              Reason.APPLY_FAILED,
              "The claim stays until the operator sees whether its images are in use: " + words));
    }
  }

  private Optional<Finding> delete(Registry registry, Context<Registry> context) {
    RegistryNames names = RegistryNames.of(registry);
    PersistentVolumeClaim claim =
        context
            .getClient()
            .persistentVolumeClaims()
            .inNamespace(names.namespace())
            .withName(names.claim())
            .get();
    if (claim != null
        && claim.getMetadata().getDeletionTimestamp() == null
        && names.name().equals(Labels.registryOf(claim))
        && !isOrphaning(registry, names, context)) {
      Optional<Finding> use = use(registry, names, context);
      if (use.isPresent()) {
        return use;
      }
      LOG.info("registry {}: deletes claim {}", ObjectKey.of(registry), names.claim());
      // With the resource version that was looked at: the claim that is deleted is that one.
      context.getClient().resource(claim).lockResourceVersion().delete();
    }
    release(registry, context);
    return Optional.empty();
  }

  private Optional<Finding> use(Registry registry, RegistryNames names, Context<Registry> context) {
    Optional<Registry> rival =
        ClaimRivals.of(registry, context.getPrimaryCache().list(names.namespace(), any -> true))
            .findFirst();
    if (rival.isPresent()) {
      return Optional.of(
          finding(
              registry,
              Reason.IMAGES_IN_USE,
              "Registry %s names claim %s too"
                  .formatted(rival.get().getMetadata().getName(), names.claim())));
    }
    return images
        .look(ObjectKey.of(registry), RunningImages.of(registry), context)
        .message("this registry")
        .map(message -> finding(registry, Reason.IMAGES_IN_USE, message));
  }

  /**
   * Whether the children were to outlive the Registry, and so the claim: the API server says it by
   * a finalizer, which is gone when the workload has lost its owner.
   */
  private static boolean isOrphaning(
      Registry registry, RegistryNames names, Context<Registry> context) {
    if (registry.getMetadata().getFinalizers().contains(ORPHAN)) {
      return true;
    }
    Deployment workload =
        context
            .getClient()
            .apps()
            .deployments()
            .inNamespace(names.namespace())
            .withName(names.workload())
            .get();
    return workload != null
        && names.name().equals(Labels.registryOf(workload))
        && !isOwned(workload, registry);
  }

  private static boolean isOwned(HasMetadata child, Registry registry) {
    return child.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(registry.getMetadata().getUid()));
  }

  /** A deletion in the foreground takes the children away first: none may be made anew. */
  private static Finding finding(Registry registry, Reason reason, String message) {
    boolean foreground = registry.getMetadata().getFinalizers().contains(FOREGROUND);
    return new Finding(
        ConditionType.READY, reason, foreground ? Effect.BLOCKS : Effect.NOT_READY, message);
  }
}
