package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.RegistryRef;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.hosting.LocalRegistryHosting;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.Paused;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.kubernetes.StatusPatch;
import dev.berth.operator.kubernetes.TransitionEvents;
import dev.berth.operator.nodeaccess.NodeRemoval;
import dev.berth.operator.nodeaccess.NodeVisit;
import dev.berth.operator.policy.CompiledPolicy;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.policy.PolicyCompiler;
import dev.berth.operator.policy.PullCredentials;
import dev.berth.operator.policy.PullSecretsCompiler;
import dev.berth.operator.policy.Verdicts;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.HostRivals;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.check.RegistryChecks;
import dev.berth.operator.registry.check.StorageChecks;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryModelBuilder;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.serviceaccount.ClusterIssuer;
import dev.berth.operator.serviceaccount.ClusterIssuerPoll;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.PolicyDocument;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registry: resolve references, check, build the model, let the children render it, bring the
 * policy to the replicas, say in the status how it stands.
 */
@ControllerConfiguration(
    name = "registry",
    fieldManager = OwnFields.MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class RegistryReconciler implements Reconciler<Registry> {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryReconciler.class);

  private final RegistryModelBuilder models;
  private final RegistryWorkflow workflow;
  private final ReplicaVisit replicas;
  private final NodeVisit nodes;
  private final LocalRegistryHosting hosting;
  private final RegistryDeletion deletion;
  private final RegistryStatusFactory statuses;
  private final Verdicts verdicts;
  private final TransitionEvents events;
  private final ClusterIssuerPoll clusterIssuer;
  private final Clock clock;
  private @Nullable RegistryEventSources sources;

  public RegistryReconciler(
      RegistryModelBuilder models,
      ReplicaVisit replicas,
      NodeVisit nodes,
      LocalRegistryHosting hosting,
      Verdicts verdicts,
      TransitionEvents events,
      ClusterIssuerPoll clusterIssuer,
      Clock clock,
      String version) {
    this.models = models;
    this.workflow = new RegistryWorkflow();
    this.replicas = replicas;
    this.nodes = nodes;
    this.hosting = hosting;
    this.deletion = new RegistryDeletion(clock);
    this.statuses = new RegistryStatusFactory(clock, version);
    this.verdicts = verdicts;
    this.events = events;
    this.clusterIssuer = clusterIssuer;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Registry>> prepareEventSources(EventSourceContext<Registry> context) {
    sources = new RegistryEventSources(context, workflow.children(), clusterIssuer, clock);
    replicas.onNews(sources::visit);
    nodes.onNews(sources::visit);
    return sources.all();
  }

  @Override
  public UpdateControl<Registry> reconcile(Registry registry, Context<Registry> context)
      throws InterruptedException, CertificateException {
    if (context.isPrimaryResourceDeleted()) {
      verdicts.forget(ObjectKey.of(registry));
      replicas.forget(ObjectKey.of(registry));
      nodes.forget(ObjectKey.of(registry));
      deletion.forget(ObjectKey.of(registry));
      if (sources != null) {
        sources.serviceAccounts().forget(ObjectKey.of(registry));
        sources.runningImages().forget(ObjectKey.of(registry));
        sources.lookForNamesake(registry);
      }
      return UpdateControl.noUpdate();
    }
    boolean namespaceEnds = isNamespaceEnding(registry);
    if (namespaceEnds
        || (RegistryDeletion.isDeleted(registry)
            && !RegistryDeletion.holds(registry)
            && !NodeRemoval.holds(registry))) {
      // Its children are being taken away; none may be made anew.
      RegistryDeletion.release(registry, context);
      NodeRemoval.release(registry, context);
      hosting.remove(registry, context);
      return untilGone();
    }
    try {
      return Paused.is(registry) ? pause(registry, context) : visit(registry, context);
    } catch (KubernetesClientException e) {
      return unanswered(registry, e);
    }
  }

  @Override
  public ErrorStatusUpdateControl<Registry> updateErrorStatus(
      Registry registry, Context<Registry> context, Exception failure) {
    return StatusPatch.failed(failure);
  }

  private UpdateControl<Registry> visit(Registry registry, Context<Registry> context)
      throws InterruptedException, CertificateException {
    Optional<Finding> stays = deletion.decide(registry, context);
    if (RegistryDeletion.isDeleted(registry) && stays.isEmpty()) {
      return takeLeave(registry, context);
    }
    if (!nodes.prepare(registry, context)) {
      return UpdateControl.<Registry>noUpdate().rescheduleAfter(VisitSchedule.WHILE_MISSING);
    }
    RegistryNames names = RegistryNames.of(registry);
    References references =
        ReferenceResolver.resolve(
            registry,
            names,
            clusterIssuer.known().map(ClusterIssuer::issuer).orElse(null),
            context);
    List<Finding> findings =
        Stream.concat(
                stays.stream(),
                RegistryChecks.findings(registry, references, clock.instant()).stream())
            .toList();
    PolicyDocument inForce = KeptSecretsReader.policy(references);
    CompiledPolicy compiled = compile(registry, inForce, context);
    if (findings.stream().anyMatch(finding -> finding.effect() == Finding.Effect.BLOCKS)) {
      verdicts.publish(
          ObjectKey.of(registry), new Verdicts.Published(compiled, false, Optional.empty()));
      return update(
          registry,
          statuses.blocked(registry, findings),
          stays.isEmpty() ? null : VisitSchedule.WHILE_MISSING);
    }
    return render(
        registry,
        references,
        findings,
        PolicyChoice.of(compiled.content(), inForce, clock),
        compiled,
        context);
  }

  /**
   * Images are not deleted meanwhile; what tells others of a Registry that goes is of no use to
   * anybody.
   */
  private UpdateControl<Registry> pause(Registry registry, Context<Registry> context) {
    if (RegistryDeletion.isDeleted(registry) && !RegistryDeletion.holds(registry)) {
      return takeLeave(registry, context);
    }
    nodes.pause(registry, context);
    return update(registry, statuses.paused(registry), null);
  }

  /** Takes back what others were told of a Registry that goes. */
  private UpdateControl<Registry> takeLeave(Registry registry, Context<Registry> context) {
    hosting.remove(registry, context);
    if (NodeRemoval.holds(registry)) {
      nodes.remove(registry, context);
    }
    return untilGone();
  }

  private static UpdateControl<Registry> untilGone() {
    return UpdateControl.<Registry>noUpdate().rescheduleAfter(VisitSchedule.WHILE_MISSING);
  }

  /** What runs goes on; the status says why nothing else happens, if that can be written. */
  private UpdateControl<Registry> unanswered(Registry registry, KubernetesClientException failure) {
    String why =
        failure.getStatus() == null || failure.getStatus().getMessage() == null
            ? "The API server did not answer"
            : "The API server refused a request: " + failure.getStatus().getMessage();
    LOG.warn("registry {}: {}", ObjectKey.of(registry), why);
    return update(registry, statuses.unanswered(registry, why), VisitSchedule.WHILE_MISSING);
  }

  private UpdateControl<Registry> render(
      Registry registry,
      References references,
      List<Finding> checked,
      PolicyChoice policy,
      CompiledPolicy compiled,
      Context<Registry> context)
      throws InterruptedException, CertificateException {
    RegistryModel model =
        models.build(
            registry,
            KeptSecretsReader.read(references, replicas.served(ObjectKey.of(registry))),
            policy,
            storage(registry, references),
            NodeAddresses.find(registry, references, context),
            HostRivals.before(registry, () -> context.getPrimaryCache().list()));
    List<Finding> findings = new ArrayList<>(checked);
    CertManagerIssuing.reconcile(registry, model, references, context.getClient())
        .ifPresent(findings::add);
    RegistryChild.render(model, context);
    findings.addAll(workflow.reconcile(registry, context));
    hosting.visit(registry, model, context).ifPresent(findings::add);
    Observed observed =
        replicas.visit(model, references, !policy.tooLarge() && arePodsSeen(), context);
    StorageConditions.findings(model, observed).forEach(findings::add);
    boolean enforced =
        RegistryConditions.isEnforced(registry, model, observed.policy()) && !policy.tooLarge();
    if (policy.tooLarge()) {
      findings.add(PolicyFindings.tooLarge(compiled));
    }
    RegistryStatus status =
        statuses.running(
            registry,
            model,
            observed,
            CertificateInUse.of(model, references).orElse(null),
            nodes.visit(
                registry,
                model,
                Objects.requireNonNull(sources, "prepared before the first visit")
                    .labelsOfNamespace(model.names().namespace()),
                enforced ? Pods.ready(observed.pods()) : List.of(),
                context),
            findings);
    PullCredentials credentials =
        new PullCredentials(model.keys().pullSecretsKey(), RegistryEndpoints.hosts(model, status));
    verdicts.publish(
        ObjectKey.of(registry),
        new Verdicts.Published(compiled, enforced, Optional.of(credentials)));
    return update(
        registry,
        status,
        VisitSchedule.next(
            registry, findings, observed.policy(), compiled.nextExpiry(), clock.instant()));
  }

  private boolean arePodsSeen() {
    return sources != null && sources.runningImages().areSeen();
  }

  private static StorageModel storage(Registry registry, References references) {
    return StorageChoice.of(
        registry.getSpec(),
        RegistryNames.of(registry),
        references.claim(),
        StorageChecks.hold(registry, references));
  }

  private CompiledPolicy compile(
      Registry registry, @Nullable PolicyDocument inForce, Context<Registry> context) {
    RegistryEventSources known = Objects.requireNonNull(sources, "prepared before the first visit");
    Instant now = clock.instant();
    List<AccessPolicy> policies =
        referring(registry, context, AccessPolicy.class, policy -> policy.getSpec().registryRef())
            .stream()
            // Its pull secrets may hold it a while longer; its rights are gone.
            .filter(policy -> policy.getMetadata().getDeletionTimestamp() == null)
            .toList();
    CompiledPolicy compiled =
        PolicyCompiler.compile(
            registry,
            referring(
                registry,
                context,
                Repository.class,
                repository -> repository.getSpec().registryRef()),
            policies,
            known::labelsOfNamespace,
            named ->
                known
                    .serviceAccounts()
                    .tokens(ObjectKey.of(registry), named, () -> clusterTokens(inForce)),
            now);
    CompiledPolicy whole =
        known
            .runningImages()
            .add(
                PullSecretsCompiler.add(
                    compiled,
                    policies,
                    () ->
                        new PullSecretsCompiler.Facts(
                            known.lastingNamespaces(), known::copies, inForce),
                    now),
                registry,
                inForce);
    return NodeAccessModel.isWanted(registry) ? whole.canary(registry) : whole;
  }

  /** Those of the policy in force. */
  private static @Nullable ClusterTokens clusterTokens(@Nullable PolicyDocument inForce) {
    return inForce == null ? null : inForce.content().clusterTokens();
  }

  /**
   * The framework remembers where an object once referred to: one that was deleted and made anew
   * while a watch was interrupted may refer to another Registry, and gives no right in this one.
   */
  private static <R extends HasMetadata> List<R> referring(
      Registry registry, Context<Registry> context, Class<R> type, Function<R, RegistryRef> ref) {
    ResourceID id = ResourceID.fromResource(registry);
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(object -> RegistryReferences.target(object, ref.apply(object)).equals(id))
        .toList();
  }

  private boolean isNamespaceEnding(Registry registry) {
    return sources != null && sources.isNamespaceEnding(registry.getMetadata().getNamespace());
  }

  /** Writes the status when it says anything new. */
  private UpdateControl<Registry> update(
      Registry registry, RegistryStatus status, @Nullable Duration nextVisit) {
    events.publish(
        registry,
        registry.getStatus() == null ? List.of() : registry.getStatus().conditions(),
        status.conditions());
    return StatusPatch.of(registry, status, Registry::new, nextVisit);
  }
}
