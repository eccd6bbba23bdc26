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
import dev.berth.operator.policy.PullCredentials;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.policy.Verdicts;
import dev.berth.operator.pullsecrets.Distribution;
import dev.berth.operator.pullsecrets.PullSecretsKeeper;
import dev.berth.operator.pullsecrets.Wish;
import dev.berth.policy.PullSecrets;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * AccessPolicy: the Registry's visit compiled and delivered it; here its pull secrets are kept as
 * the compiled policy says, and its verdict is written into its status.
 */
@ControllerConfiguration(
    name = "accesspolicy",
    fieldManager = OwnFields.MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class AccessPolicyReconciler implements Reconciler<AccessPolicy> {
  private final Verdicts verdicts;
  private final TransitionEvents events;
  private final AccessPolicyStatusFactory statuses;
  private final PullSecretsKeeper pullSecrets;
  private final Clock clock;
  private @Nullable RegistryWatch<AccessPolicy> watch;

  public AccessPolicyReconciler(Verdicts verdicts, TransitionEvents events, Clock clock) {
    this.verdicts = verdicts;
    this.events = events;
    this.statuses = new AccessPolicyStatusFactory(clock);
    this.pullSecrets = new PullSecretsKeeper(clock);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, AccessPolicy>> prepareEventSources(
      EventSourceContext<AccessPolicy> context) {
    RegistryWatch<AccessPolicy> created =
        new RegistryWatch<>(context, AccessPolicy.class, policy -> policy.getSpec().registryRef());
    verdicts.addListener((repositories, accessPolicies) -> created.visit(accessPolicies));
    watch = created;
    return Stream.concat(
            created.sources().stream(), pullSecrets.prepareEventSources(context).stream())
        .toList();
  }

  @Override
  public UpdateControl<AccessPolicy> reconcile(AccessPolicy policy, Context<AccessPolicy> context) {
    if (context.isPrimaryResourceDeleted() || policy.getMetadata().getDeletionTimestamp() != null) {
      pullSecrets.release(policy, context.getClient());
      return UpdateControl.noUpdate();
    }
    if (Paused.is(policy)) {
      return write(policy, statuses.paused(policy), Optional.empty());
    }
    ResourceID registry = RegistryReferences.target(policy, policy.getSpec().registryRef());
    ObjectKey key = RegistryReferences.key(policy, policy.getSpec().registryRef());
    if (!Objects.requireNonNull(watch, "prepared before the first visit").hasRegistry(registry)) {
      pullSecrets.keep(policy, new Wish.None(), context);
      return write(policy, statuses.withoutRegistry(policy, key.toString()), Optional.empty());
    }
    Optional<Verdicts.Published> published = verdicts.of(key);
    Optional<Verdict> verdict =
        published
            .map(p -> p.policy().accessPolicies().get(ObjectKey.of(policy)))
            .filter(v -> v.generation() == policy.getMetadata().getGeneration());
    Optional<Distribution> distribution =
        pullSecrets.keep(policy, wish(policy, published, verdict), context);
    if (published.isEmpty() && statuses.isJudged(policy)) {
      return UpdateControl.noUpdate();
    }
    boolean enforced = published.map(Verdicts.Published::enforced).orElse(false);
    return write(policy, statuses.judged(policy, verdict, enforced, distribution), distribution);
  }

  @Override
  public ErrorStatusUpdateControl<AccessPolicy> updateErrorStatus(
      AccessPolicy object, Context<AccessPolicy> context, Exception failure) {
    return StatusPatch.failed(failure);
  }

  private static Wish wish(
      AccessPolicy policy, Optional<Verdicts.Published> published, Optional<Verdict> verdict) {
    if (policy.getSpec().pullSecrets() == null) {
      return new Wish.None();
    }
    if (published.isEmpty() || verdict.isEmpty()) {
      return new Wish.AsTheyAre();
    }
    Optional<PullSecrets> entry =
        published
            .get()
            .policy()
            .pullSecrets(ObjectKey.of(policy))
            .filter(found -> found.uid().equals(policy.getMetadata().getUid()));
    if (entry.isEmpty()) {
      return new Wish.None();
    }
    Optional<PullCredentials> credentials = published.get().credentials();
    return credentials.isEmpty()
        ? new Wish.AsTheyAre()
        : new Wish.Copies(entry.get(), credentials.get(), published.get().enforced());
  }

  private UpdateControl<AccessPolicy> write(
      AccessPolicy policy, AccessPolicyStatus status, Optional<Distribution> distribution) {
    events.publish(
        policy,
        policy.getStatus() == null ? List.of() : policy.getStatus().conditions(),
        status.conditions());
    return StatusPatch.of(
        policy,
        status,
        AccessPolicy::new,
        distribution.flatMap(kept -> kept.nextVisit(clock.instant())).orElse(null));
  }
}
