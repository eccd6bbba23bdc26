package dev.berth.operator.access;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicyStatus;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.Paused;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.kubernetes.RegistryWatch;
import dev.berth.operator.kubernetes.StatusPatch;
import dev.berth.operator.kubernetes.TransitionEvents;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.policy.Verdicts;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * AccessPolicy: the Registry's visit compiled and delivered it; here its verdict is written into
 * its status.
 */
@ControllerConfiguration(name = "accesspolicy", fieldManager = OwnFields.MANAGER)
public final class AccessPolicyReconciler implements Reconciler<AccessPolicy> {
  private final Verdicts verdicts;
  private final TransitionEvents events;
  private final AccessPolicyStatusFactory statuses;
  private @Nullable RegistryWatch<AccessPolicy> watch;

  public AccessPolicyReconciler(Verdicts verdicts, TransitionEvents events, Clock clock) {
    this.verdicts = verdicts;
    this.events = events;
    this.statuses = new AccessPolicyStatusFactory(clock);
  }

  @Override
  public List<EventSource<?, AccessPolicy>> prepareEventSources(
      EventSourceContext<AccessPolicy> context) {
    RegistryWatch<AccessPolicy> created =
        new RegistryWatch<>(context, AccessPolicy.class, policy -> policy.getSpec().registryRef());
    verdicts.addListener((repositories, accessPolicies) -> created.visit(accessPolicies));
    watch = created;
    return created.sources();
  }

  @Override
  public UpdateControl<AccessPolicy> reconcile(AccessPolicy policy, Context<AccessPolicy> context) {
    AccessPolicyStatus status = status(policy);
    events.publish(
        policy,
        policy.getStatus() == null ? List.of() : policy.getStatus().conditions(),
        status.conditions());
    return StatusPatch.of(policy, status, AccessPolicy::new);
  }

  @Override
  public ErrorStatusUpdateControl<AccessPolicy> updateErrorStatus(
      AccessPolicy object, Context<AccessPolicy> context, Exception failure) {
    return StatusPatch.failed(failure);
  }

  private AccessPolicyStatus status(AccessPolicy policy) {
    if (Paused.is(policy)) {
      return statuses.paused(policy);
    }
    ResourceID registry = RegistryReferences.target(policy, policy.getSpec().registryRef());
    ObjectKey key = new ObjectKey(registry.getNamespace().orElseThrow(), registry.getName());
    if (!Objects.requireNonNull(watch, "prepared before the first visit").hasRegistry(registry)) {
      return statuses.withoutRegistry(policy, key.toString());
    }
    Optional<Verdicts.Published> published = verdicts.of(key);
    if (published.isEmpty() && statuses.isJudged(policy)) {
      return policy.getStatus();
    }
    Optional<Verdict> verdict =
        published
            .map(p -> p.policy().accessPolicies().get(ObjectKey.of(policy)))
            .filter(v -> v.generation() == policy.getMetadata().getGeneration());
    return statuses.judged(
        policy, verdict, published.map(Verdicts.Published::enforced).orElse(false));
  }
}
