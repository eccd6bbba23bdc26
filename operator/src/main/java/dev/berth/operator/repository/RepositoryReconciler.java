package dev.berth.operator.repository;

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

/** Repository: the Registry's visit compiled it; here its verdict is written into its status. */
@ControllerConfiguration(name = "repository", fieldManager = OwnFields.MANAGER)
public final class RepositoryReconciler implements Reconciler<Repository> {
  private final Verdicts verdicts;
  private final TransitionEvents events;
  private final RepositoryStatusFactory statuses;
  private @Nullable RegistryWatch<Repository> watch;

  public RepositoryReconciler(Verdicts verdicts, TransitionEvents events, Clock clock) {
    this.verdicts = verdicts;
    this.events = events;
    this.statuses = new RepositoryStatusFactory(clock);
  }

  @Override
  public List<EventSource<?, Repository>> prepareEventSources(
      EventSourceContext<Repository> context) {
    RegistryWatch<Repository> created =
        new RegistryWatch<>(
            context, Repository.class, repository -> repository.getSpec().registryRef());
    verdicts.addListener((repositories, accessPolicies) -> created.visit(repositories));
    watch = created;
    return created.sources();
  }

  @Override
  public UpdateControl<Repository> reconcile(Repository repository, Context<Repository> context) {
    RepositoryStatus status = status(repository);
    events.publish(
        repository,
        repository.getStatus() == null ? List.of() : repository.getStatus().conditions(),
        status.conditions());
    return StatusPatch.of(repository, status, Repository::new);
  }

  @Override
  public ErrorStatusUpdateControl<Repository> updateErrorStatus(
      Repository object, Context<Repository> context, Exception failure) {
    return StatusPatch.failed(failure);
  }

  private RepositoryStatus status(Repository repository) {
    if (Paused.is(repository)) {
      return statuses.paused(repository);
    }
    ResourceID registry = RegistryReferences.target(repository, repository.getSpec().registryRef());
    ObjectKey key = new ObjectKey(registry.getNamespace().orElseThrow(), registry.getName());
    if (!Objects.requireNonNull(watch, "prepared before the first visit").hasRegistry(registry)) {
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
    return statuses.judged(repository, verdict);
  }
}
