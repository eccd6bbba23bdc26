package dev.berth.operator.repository;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.api.v1alpha1.repository.RepositoryStatus;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.Paused;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.kubernetes.RegistryWatch;
import dev.berth.operator.kubernetes.StatusPatch;
import dev.berth.operator.kubernetes.TransitionEvents;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.policy.Verdicts;
import dev.berth.operator.server.ManagementClient;
import dev.berth.operator.server.ReachableReplicas;
import dev.berth.operator.server.UsageObserver;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repository: the Registry's visit compiled it; here its verdict is written into its status, and
 * its images are deleted with it where it says so.
 */
@ControllerConfiguration(
    name = "repository",
    fieldManager = OwnFields.MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class RepositoryReconciler implements Reconciler<Repository> {
  /** A server that could not be asked is asked again. */
  private static final Duration WHILE_WAITING = Duration.ofSeconds(5);

  /** Others are visited first. */
  private static final Duration AFTER_OTHERS = Duration.ofSeconds(1);

  private final Verdicts verdicts;
  private final UsageObserver usages;
  private final RepositoryDeletion deletion;
  private final TransitionEvents events;
  private final RepositoryStatusFactory statuses;
  private @Nullable RegistryWatch<Repository> watch;

  public RepositoryReconciler(
      Verdicts verdicts,
      ReachableReplicas replicas,
      ManagementClient management,
      UsageObserver usages,
      TransitionEvents events,
      Clock clock) {
    this.verdicts = verdicts;
    this.usages = usages;
    this.deletion = new RepositoryDeletion(verdicts, replicas, management, clock);
    this.events = events;
    this.statuses = new RepositoryStatusFactory(clock);
  }

  @Override
  public List<EventSource<?, Repository>> prepareEventSources(
      EventSourceContext<Repository> context) {
    CoveringRepositories.index(context);
    RegistryWatch<Repository> created =
        new RegistryWatch<>(
            context, Repository.class, repository -> repository.getSpec().registryRef());
    verdicts.addListener((repositories, accessPolicies) -> created.visit(repositories));
    usages.onRepositoryNews(created::visit);
    watch = created;
    return created.sources();
  }

  @Override
  public UpdateControl<Repository> reconcile(Repository repository, Context<Repository> context)
      throws InterruptedException {
    Set<ObjectKey> others = deletion.others(repository, context);
    watch().visit(others);
    boolean ends = RepositoryDeletion.isDeleted(repository);
    if (context.isPrimaryResourceDeleted() || (ends && !RepositoryDeletion.holds(repository))) {
      deletion.forget(ObjectKey.of(repository));
      return UpdateControl.noUpdate();
    }
    if (Paused.is(repository)) {
      return write(repository, statuses.paused(repository), null);
    }
    if (ends) {
      return end(repository, context);
    }
    deletion.prepare(repository, others, context);
    return write(repository, status(repository), others.isEmpty() ? null : AFTER_OTHERS);
  }

  /** Its images go first. */
  private UpdateControl<Repository> end(Repository repository, Context<Repository> context)
      throws InterruptedException {
    switch (deletion.carryOut(repository, registry(repository).orElse(null), context)) {
      case RepositoryDeletion.Progress.Waiting(Reason reason, String message) -> {
        return write(repository, statuses.held(repository, reason, message), WHILE_WAITING);
      }
      case RepositoryDeletion.Progress.Deleted(String message) ->
          events.publish(
              repository,
              List.of(),
              statuses.held(repository, Reason.IMAGES_DELETED, message).conditions());
      case RepositoryDeletion.Progress.Nothing() -> {}
    }
    RepositoryDeletion.release(repository, context.getClient());
    // A patch that did not apply is tried again; one that did leaves nothing to visit.
    return UpdateControl.<Repository>noUpdate().rescheduleAfter(WHILE_WAITING);
  }

  private UpdateControl<Repository> write(
      Repository repository, RepositoryStatus status, @Nullable Duration nextVisit) {
    events.publish(
        repository,
        repository.getStatus() == null ? List.of() : repository.getStatus().conditions(),
        status.conditions());
    return StatusPatch.of(repository, status, Repository::new, nextVisit);
  }

  private Optional<Registry> registry(Repository repository) {
    return watch()
        .registry(RegistryReferences.target(repository, repository.getSpec().registryRef()));
  }

  private RegistryWatch<Repository> watch() {
    return Objects.requireNonNull(watch, "prepared before the first visit");
  }

  @Override
  public ErrorStatusUpdateControl<Repository> updateErrorStatus(
      Repository object, Context<Repository> context, Exception failure) {
    return StatusPatch.failed(failure);
  }

  private RepositoryStatus status(Repository repository) {
    ObjectKey key = RegistryReferences.key(repository, repository.getSpec().registryRef());
    if (registry(repository).isEmpty()) {
      return statuses.withoutRegistry(repository, key.toString());
    }
    Optional<Verdicts.Published> published = verdicts.of(key);
    if (published.isEmpty() && statuses.isJudged(repository)) {
      return repository.getStatus();
    }
    Optional<Verdict> verdict =
        published
            .map(p -> p.policy().repositories().get(ObjectKey.of(repository)))
            .filter(v -> v.generation() == repository.getMetadata().getGeneration());
    return statuses.judged(repository, verdict, usages.holding(key, ObjectKey.of(repository)));
  }
}
