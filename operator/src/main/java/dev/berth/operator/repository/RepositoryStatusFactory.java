package dev.berth.operator.repository;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.api.v1alpha1.repository.RepositorySpec;
import dev.berth.api.v1alpha1.repository.RepositoryStatus;
import dev.berth.api.v1alpha1.repository.RepositoryStatusBuilder;
import dev.berth.api.v1alpha1.repository.RetentionStatus;
import dev.berth.operator.kubernetes.Acceptance;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.kubernetes.RetentionCondition;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.server.ServerHolding;
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
    return withHolding(
        repository,
        status(repository, Acceptance.paused(before(repository).conditions())),
        Optional.empty());
  }

  /** Whether the status is what a Registry said of this generation. */
  boolean isJudged(Repository repository) {
    return repository.getMetadata().getGeneration().equals(before(repository).observedGeneration())
        && Acceptance.isJudged(before(repository).conditions());
  }

  RepositoryStatus withoutRegistry(Repository repository, String registry) {
    Conditions conditions = Acceptance.withoutRegistry(registry);
    if (repository.getSpec().retention() != null) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED,
          Reason.REGISTRY_MISSING,
          "There is no Registry " + registry);
    }
    return status(repository, conditions).build();
  }

  /**
   * The status of one whose Registry exists.
   *
   * @param verdict empty until the Registry has looked at this generation
   * @param holding what the server says of it; empty: nothing (yet)
   */
  RepositoryStatus judged(
      Repository repository, Optional<Verdict> verdict, Optional<ServerHolding> holding) {
    Conditions conditions = Acceptance.of(verdict);
    Acceptance.notYetSupported(conditions, leftOut(repository.getSpec()));
    // One of which only a part can be used has its path all the same.
    boolean others =
        verdict.filter(v -> !v.isAccepted() && v.reason() != Reason.INVALID_SPEC).isPresent();
    if (!others) {
      RetentionCondition.add(
          conditions,
          "spec.retention",
          repository.getSpec().retention(),
          Conditions.ofGeneration(
              before(repository).conditions(), repository.getMetadata().getGeneration()),
          holding.orElse(null));
      return withHolding(repository, status(repository, conditions), holding);
    }
    if (repository.getSpec().retention() != null) {
      conditions.isFalse(
          ConditionType.RETENTION_APPLIED,
          verdict.orElseThrow().reason(),
          verdict.orElseThrow().message());
    }
    return status(repository, conditions).build();
  }

  /** What was said last stands until more is said. */
  private static RepositoryStatus withHolding(
      Repository repository, RepositoryStatusBuilder status, Optional<ServerHolding> holding) {
    RepositoryStatus before = before(repository);
    RetentionSpec rules = repository.getSpec().retention();
    RetentionStatus retention =
        rules == null
            ? null
            : holding
                .map(ServerHolding::retention)
                .map(told -> HoldingReport.retention(told, rules))
                .orElse(before.retention());
    return status
        .repositories(
            holding
                .map(held -> (int) Math.min(held.repositories(), Integer.MAX_VALUE))
                .orElse(before.repositories()))
        .usage(holding.map(HoldingReport::usage).orElse(before.usage()))
        .retention(retention)
        .build();
  }

  /** It is being deleted, and its images are not gone yet. */
  RepositoryStatus held(Repository repository, Reason reason, String message) {
    Conditions conditions = Conditions.of(before(repository).conditions());
    conditions.remove(ConditionType.STALLED);
    conditions.isFalse(ConditionType.READY, reason, message);
    conditions.isTrue(ConditionType.RECONCILING, reason, message);
    return withHolding(repository, status(repository, conditions), Optional.empty());
  }

  private RepositoryStatusBuilder status(Repository repository, Conditions conditions) {
    long generation = repository.getMetadata().getGeneration();
    return RepositoryStatus.builder()
        .observedGeneration(generation)
        .conditions(conditions.merge(before(repository).conditions(), generation, clock));
  }

  private static List<String> leftOut(RepositorySpec spec) {
    List<String> fields = new ArrayList<>();
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
