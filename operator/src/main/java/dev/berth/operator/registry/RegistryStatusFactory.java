package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.SecretRef;
import dev.berth.api.v1alpha1.registry.GarbageCollectionStatus;
import dev.berth.api.v1alpha1.registry.PolicyStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.api.v1alpha1.registry.RegistryStatusBuilder;
import dev.berth.api.v1alpha1.registry.RegistryUsage;
import dev.berth.operator.kubernetes.Acceptance;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.kubernetes.Conditions.Blocker;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.nodeaccess.NodesObserved;
import dev.berth.operator.nodeaccess.NodesReport;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.server.ServerCollection;
import dev.berth.operator.server.ServerSpace;
import dev.berth.operator.server.ServerUsage;
import dev.berth.operator.tls.CertificateFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The only place that writes a Registry's status. */
final class RegistryStatusFactory {

  /** What must be True for the registry to do its work, in the order in which it is reported. */
  private static final List<ConditionType> NEEDED =
      List.of(
          ConditionType.STORAGE_READY,
          ConditionType.CERTIFICATE_VALID,
          ConditionType.AUTHENTICATION_READY,
          ConditionType.EXPOSED,
          ConditionType.POLICY_ENFORCED);

  /** What others are about to do away with, and the operator is waiting for. */
  private static final Set<Reason> PASSING =
      EnumSet.of(Reason.APPLY_FAILED, Reason.CERTIFICATE_PENDING, Reason.CLAIM_IN_USE);

  private final Clock clock;
  private final String version;

  RegistryStatusFactory(Clock clock, String version) {
    this.clock = clock;
    this.version = version;
  }

  /** Nothing is touched while the user wants it so: only the conditions change. */
  RegistryStatus paused(Registry registry) {
    RegistryStatus before = before(registry);
    Conditions conditions = Acceptance.paused(before.conditions());
    if (RegistryDeletion.isDeleted(registry)) {
      conditions.isTrue(
          ConditionType.PAUSED, Reason.PAUSED, "Its deletion, which takes its images along, waits");
    }
    return finish(registry, copy(before), conditions);
  }

  /** The API server did not let the visit end: what was known stands, and is tried again. */
  RegistryStatus unanswered(Registry registry, String why) {
    RegistryStatus before = before(registry);
    Conditions conditions = Conditions.of(before.conditions());
    if (!registry.getMetadata().getGeneration().equals(before.observedGeneration())) {
      conditions.isUnknown(ConditionType.READY, Reason.API_FAILED, why);
    }
    conditions.remove(ConditionType.STALLED);
    conditions.isTrue(ConditionType.RECONCILING, Reason.API_FAILED, why);
    return finish(registry, copy(before), conditions);
  }

  /** Nothing can be rendered: what runs goes on, and the status says why nothing else happens. */
  RegistryStatus blocked(Registry registry, List<Finding> findings) {
    Conditions conditions = new Conditions();
    for (ConditionType type : NEEDED) {
      conditions.isUnknown(type, Reason.PENDING, "Waits for the spec to be one that can be run");
    }
    Finding first =
        findings.stream()
            .filter(finding -> finding.effect() == Effect.BLOCKS)
            .findFirst()
            .orElseThrow();
    findings.forEach(
        finding -> conditions.isFalse(finding.type(), finding.reason(), finding.message()));
    conditions.isFalse(ConditionType.READY, first.reason(), first.message());
    conditions.isTrue(ConditionType.STALLED, first.reason(), first.message());
    return finish(registry, copy(before(registry)), conditions);
  }

  /** The status of a registry whose children were rendered. */
  RegistryStatus running(
      Registry registry,
      RegistryModel model,
      Observed observed,
      @Nullable CertificateFacts certificate,
      NodesObserved nodes,
      List<Finding> findings) {
    Conditions conditions =
        RegistryConditions.observed(
            registry, model, observed, certificate, findings, clock.instant());
    NodesReport.condition(conditions, model, nodes);
    ready(conditions, observed, findings);
    RegistryStatusBuilder status =
        RegistryStatus.builder()
            .url(model.url(model.hosts().getFirst()))
            .endpoints(RegistryEndpoints.of(model, observed.service()))
            .caBundleSecretRef(
                model.tls().trusted() == null ? null : new SecretRef(model.names().authority()))
            .certificate(certificate == null ? null : CertificateReport.status(model, certificate))
            .replicas(RegistryConditions.replicas(observed))
            .readyReplicas(RegistryConditions.readyReplicas(observed))
            .selector(Labels.REGISTRY + "=" + model.names().name())
            .policy(new PolicyStatus(model.policy().revision(), observed.policy().enforced()))
            .usage(usage(before(registry).usage(), observed.usage()))
            .garbageCollection(collection(before(registry), observed.space()))
            .nodes(NodesReport.status(model, nodes))
            .reachability(NodesReport.reachability(model, nodes))
            .effective(EffectiveSettings.of(model, observed.claim()));
    return finish(registry, status, conditions);
  }

  private static void ready(Conditions conditions, Observed observed, List<Finding> findings) {
    // What a user must put right is said before what may only be its consequence.
    Optional<Finding> serious =
        findings.stream().filter(finding -> finding.effect() == Effect.NOT_READY).findFirst();
    Optional<Blocker> blocker =
        serious
            .map(f -> new Blocker(ConditionStatus.FALSE, f.reason(), f.message()))
            .or(
                () ->
                    RegistryConditions.workload(observed)
                        .map(pods -> waitsForStorage(pods, conditions)))
            .or(() -> conditions.firstNotTrue(needed(findings)));
    if (blocker.isEmpty()) {
      conditions.isTrue(ConditionType.READY, Reason.READY, "The registry serves");
      return;
    }
    Blocker why = blocker.get();
    conditions.isFalse(ConditionType.READY, why.reason(), why.message());
    boolean userMustAct =
        why.reason() == Reason.STOPPED
            || findings.stream()
                .anyMatch(
                    finding ->
                        finding.effect() == Effect.NOT_READY
                            && !PASSING.contains(finding.reason()));
    conditions.isTrue(
        userMustAct ? ConditionType.STALLED : ConditionType.RECONCILING,
        why.reason(),
        why.message());
  }

  /** A pod without its volume cannot start: that is what to look at. */
  private static Blocker waitsForStorage(Blocker pods, Conditions conditions) {
    return pods.reason() == Reason.POD_PENDING
        ? conditions.firstNotTrue(List.of(ConditionType.STORAGE_READY)).orElse(pods)
        : pods;
  }

  /** What was merely noted does not keep the registry from being ready. */
  private static List<ConditionType> needed(List<Finding> findings) {
    return NEEDED.stream()
        .filter(
            type ->
                findings.stream()
                    .noneMatch(
                        finding -> finding.type() == type && finding.effect() == Effect.NOTED))
        .toList();
  }

  /**
   * Counts that did not change keep the time at which they were first seen: an idle registry's
   * status stays as it is.
   */
  private @Nullable RegistryUsage usage(@Nullable RegistryUsage before, @Nullable ServerUsage now) {
    if (now == null) {
      return before;
    }
    String at = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    RegistryUsage seen =
        usage(now, before == null || before.observedAt() == null ? at : before.observedAt());
    return seen.equals(before) ? before : usage(now, at);
  }

  private static @Nullable GarbageCollectionStatus collection(
      RegistryStatus before, @Nullable ServerSpace now) {
    ServerCollection collection = now == null ? null : now.collection();
    return collection == null
        ? before.garbageCollection()
        : new GarbageCollectionStatus(
            collection.lastRun().map(Instant::toString).orElse(null),
            collection.freedBytes(),
            collection.quarantinedBytes(),
            collection.reclaimableBytes());
  }

  private static RegistryUsage usage(ServerUsage usage, String at) {
    return new RegistryUsage(
        usage.repositories(),
        usage.tags(),
        usage.manifests(),
        usage.physicalBytes(),
        usage.logicalBytes(),
        null,
        at);
  }

  private RegistryStatus finish(
      Registry registry, RegistryStatusBuilder status, Conditions conditions) {
    long generation = registry.getMetadata().getGeneration();
    return status
        .observedGeneration(generation)
        .version(version)
        .conditions(conditions.merge(before(registry).conditions(), generation, clock))
        .build();
  }

  private static RegistryStatus before(Registry registry) {
    return registry.getStatus() == null ? RegistryStatus.builder().build() : registry.getStatus();
  }

  private static RegistryStatusBuilder copy(RegistryStatus before) {
    return RegistryStatus.builder()
        .url(before.url())
        .endpoints(before.endpoints())
        .caBundleSecretRef(before.caBundleSecretRef())
        .certificate(before.certificate())
        .replicas(before.replicas())
        .readyReplicas(before.readyReplicas())
        .selector(before.selector())
        .policy(before.policy())
        .usage(before.usage())
        .garbageCollection(before.garbageCollection())
        .nodes(before.nodes())
        .reachability(before.reachability())
        .effective(before.effective());
  }
}
