package dev.berth.operator.repository;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.api.v1alpha1.repository.RepositorySpec;
import dev.berth.api.v1alpha1.repository.RepositoryStatus;
import dev.berth.operator.kubernetes.Acceptance;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.policy.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The only place that writes a Repository's status. */
final class RepositoryStatusFactory {
  private final Clock clock;

  RepositoryStatusFactory(Clock clock) {
    this.clock = clock;
  }

  RepositoryStatus paused(Repository repository) {
    return status(repository, Acceptance.paused(before(repository).conditions()));
  }

  /** Whether the status is what a Registry said of this generation. */
  boolean isJudged(Repository repository) {
    return repository.getMetadata().getGeneration().equals(before(repository).observedGeneration())
        && Acceptance.isJudged(before(repository).conditions());
  }

  RepositoryStatus withoutRegistry(Repository repository, String registry) {
    return status(repository, Acceptance.withoutRegistry(registry));
  }

  RepositoryStatus judged(Repository repository, Optional<Verdict> verdict) {
    Conditions conditions = Acceptance.of(verdict);
    Acceptance.notYetSupported(conditions, leftOut(repository.getSpec()));
    return status(repository, conditions);
  }

  /** It is being deleted, and its images are not gone yet. */
  RepositoryStatus held(Repository repository, Reason reason, String message) {
    Conditions conditions = Conditions.of(before(repository).conditions());
    conditions.remove(ConditionType.STALLED);
    conditions.isFalse(ConditionType.READY, reason, message);
    conditions.isTrue(ConditionType.RECONCILING, reason, message);
    return status(repository, conditions);
  }

  private RepositoryStatus status(Repository repository, Conditions conditions) {
    long generation = repository.getMetadata().getGeneration();
    return RepositoryStatus.builder()
        .observedGeneration(generation)
        .conditions(conditions.merge(before(repository).conditions(), generation, clock))
        .build();
  }

  private static List<String> leftOut(RepositorySpec spec) {
    List<String> fields = new ArrayList<>();
    addIf(fields, spec.retention() != null, "retention");
    addIf(fields, spec.upstream() != null, "upstream");
    addIf(fields, spec.promotion() != null, "promotion");
    return fields;
  }

  private static void addIf(List<String> fields, boolean asked, String field) {
    if (asked) {
      fields.add(field);
    }
  }

  private static RepositoryStatus before(Repository repository) {
    return repository.getStatus() == null
        ? RepositoryStatus.builder().build()
        : repository.getStatus();
  }
}
