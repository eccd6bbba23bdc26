package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.kubernetes.SecondaryResources;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.registry.model.TlsModel;
import dev.berth.operator.server.ManagementAccess;
import dev.berth.operator.server.PolicyDelivery;
import dev.berth.operator.server.ReachableReplicas;
import dev.berth.operator.server.ServedCertificates;
import dev.berth.operator.server.UsageObserver;
import dev.berth.operator.tls.Authorities;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at what runs, brings the policy to it, and asks what it stores. */
public final class ReplicaVisit {

  private final PolicyDelivery policies;
  private final UsageObserver usages;
  private final ServedCertificates certificates;
  private final ReachableReplicas reachable;

  public ReplicaVisit(
      PolicyDelivery policies,
      UsageObserver usages,
      ServedCertificates certificates,
      ReachableReplicas reachable) {
    this.policies = policies;
    this.usages = usages;
    this.certificates = certificates;
    this.reachable = reachable;
  }

  /** Whom to tell of a registry that stores something else than at its last visit. */
  void onNews(Consumer<ObjectKey> listener) {
    usages.onNews(listener);
  }

  /** Fingerprints of the certificates that the last visit found in use; null: unknown. */
  @Nullable Set<String> served(ObjectKey registry) {
    return certificates.of(registry).orElse(null);
  }

  /**
   * Visits the replicas.
   *
   * @param current whether the document has what Pods run at this moment
   */
  Observed visit(
      RegistryModel model, References references, boolean current, Context<Registry> context)
      throws InterruptedException {
    List<Pod> pods =
        context
            .getSecondaryResourcesAsStream(Pod.class)
            .filter(Labels::isServer)
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .toList();
    List<Pod> ready = Pods.ready(pods);
    ManagementAccess access =
        new ManagementAccess(model.keys().managementPins(), model.keys().managementToken());
    ObjectKey key = new ObjectKey(model.names().namespace(), model.names().name());
    PolicyDelivery.Outcome policy = policies.deliver(key, model.policy(), access, ready);
    if (pods.isEmpty()) {
      // The next one may have another claim.
      usages.forget(key);
    }
    // Who just did not answer is not waited for a second time.
    List<Pod> answering =
        ready.stream()
            .filter(pod -> !policy.unreachable().contains(pod.getMetadata().getName()))
            .toList();
    reachable.found(key, access, answering);
    switch (certificateAsked(model, references, served(key))) {
      case ASK -> certificates.observe(key, access, Pods.running(pods), answering);
      case KNOWN -> {}
      case OF_NO_INTEREST -> certificates.forget(key);
    }
    return new Observed(
        SecondaryResources.named(context, Deployment.class, model.names().workload()).orElse(null),
        SecondaryResources.named(context, Service.class, model.names().service()).orElse(null),
        model.storage() instanceof StorageModel.OwnClaim
            ? SecondaryResources.named(
                    context, PersistentVolumeClaim.class, model.storage().claimName())
                .orElse(null)
            : references.claim(),
        pods,
        policy,
        served(key),
        usages
            .observe(key, access, answering, current ? model.policy().revision() : null)
            .orElse(null));
  }

  private enum Presented {
    ASK,
    KNOWN,
    OF_NO_INTEREST
  }

  /**
   * Whether the replicas are asked what they present: while an authority waits for nobody to use
   * it, and until they took what somebody else issued, which they may refuse.
   */
  private static Presented certificateAsked(
      RegistryModel model, References references, @Nullable Set<String> served) {
    return switch (model.tls()) {
      case TlsModel.Disabled disabled -> Presented.OF_NO_INTEREST;
      case TlsModel.SelfSigned self ->
          self.authorities() instanceof Authorities.Switched
              ? Presented.ASK
              : Presented.OF_NO_INTEREST;
      case TlsModel.CertManager certManager -> ofForeign(model, references, served);
      case TlsModel.Provided provided -> ofForeign(model, references, served);
    };
  }

  private static Presented ofForeign(
      RegistryModel model, References references, @Nullable Set<String> served) {
    return CertificateInUse.of(model, references)
        .map(facts -> Set.of(facts.fingerprint()).equals(served) ? Presented.KNOWN : Presented.ASK)
        .orElse(Presented.OF_NO_INTEREST);
  }

  /** Forgets a registry that is gone. */
  void forget(ObjectKey registry) {
    policies.forget(registry);
    usages.forget(registry);
    certificates.forget(registry);
    reachable.forget(registry);
  }
}
