package dev.berth.operator.repository;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.DeletionPolicy;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.kubernetes.Paused;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.policy.Verdicts;
import dev.berth.policy.PathPattern;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Repositories whose path covers another's and whose images go with them. A server spares what the
 * more specific one declares, and knows only of those that there are: that one is held too, so that
 * it does not go first where both are deleted at once, with their namespace for instance.
 */
final class CoveringRepositories {
  /** Who deletes several deletes one after the other. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /**
   * By Registry, those whose images go with them or that are held: few, as a rule. To look through
   * all at each visit would cost a visit to each for every one of them.
   */
  private static final String CONCERNED = "concerned";

  /** When the operator saw that they end: clocks of others may be wrong. */
  private final Map<ObjectKey, Instant> ends = new ConcurrentHashMap<>();

  private final Verdicts verdicts;
  private final Clock clock;

  CoveringRepositories(Verdicts verdicts, Clock clock) {
    this.verdicts = verdicts;
    this.clock = clock;
  }

  /** Before the operator starts. */
  static void index(EventSourceContext<Repository> context) {
    context
        .getPrimaryCache()
        .addIndexer(
            CONCERNED,
            repository ->
                repository.getSpec().deletionPolicy() == DeletionPolicy.DELETE
                        || RepositoryDeletion.holds(repository)
                    ? List.of(registry(repository).toString())
                    : List.of());
  }

  private static Stream<Repository> concerned(ObjectKey registry, Context<Repository> context) {
    return context.getPrimaryCache().byIndex(CONCERNED, registry.toString()).stream();
  }

  void forget(ObjectKey repository) {
    ends.remove(repository);
  }

  /** Whether there is one whose images would take those of this Repository along. */
  boolean cover(Repository repository, Context<Repository> context) {
    return covering(repository, context).findAny().isPresent();
  }

  /** Why a Repository whose images stay cannot go yet; empty: it can. */
  Optional<String> hold(Repository repository, Context<Repository> context) {
    List<Repository> covering = covering(repository, context).toList();
    Optional<Repository> ending =
        covering.stream().filter(RepositoryDeletion::isDeleted).findFirst();
    if (ending.isPresent()) {
      return ending.map(
          other -> "%s is being deleted with its images".formatted(named(other, repository)));
    }
    Instant since =
        ends.computeIfAbsent(ObjectKey.of(repository), any -> clock.instant()).plus(SETTLING);
    return covering.stream()
        .filter(any -> clock.instant().isBefore(since))
        .findFirst()
        .map(
            other ->
                "%s might be being deleted with its images at the same time"
                    .formatted(named(other, repository)));
  }

  private static String named(Repository covering, Repository repository) {
    return "Repository %s, whose path %s covers %s,"
        .formatted(ObjectKey.of(covering), covering.getSpec().path(), repository.getSpec().path());
  }

  /** Those within the path of this one that are not held as they are to be. */
  Set<ObjectKey> unprepared(Repository repository, Context<Repository> context) {
    if (path(repository).isExact()) {
      return Set.of();
    }
    ObjectKey registry = registry(repository);
    boolean takesAlong = takesAlong(repository) && !context.isPrimaryResourceDeleted();
    List<Repository> takers =
        takers(registry, context).filter(taker -> meet(taker, repository)).toList();
    Predicate<Repository> toBeHeld =
        other ->
            other.getSpec().deletionPolicy() == DeletionPolicy.DELETE
                || takesAlong
                || takers.stream().anyMatch(taker -> covers(taker, other));
    return (takesAlong || !takers.isEmpty()
            ? context.getPrimaryCache().list(other -> registry(other).equals(registry))
            : concerned(registry, context))
        .filter(other -> covers(repository, other) && !Paused.is(other))
        .filter(other -> RepositoryDeletion.holds(other) || !RepositoryDeletion.isDeleted(other))
        .filter(other -> RepositoryDeletion.holds(other) != toBeHeld.test(other))
        .map(ObjectKey::of)
        .collect(Collectors.toSet());
  }

  private Stream<Repository> covering(Repository repository, Context<Repository> context) {
    return takers(registry(repository), context).filter(other -> covers(other, repository));
  }

  private Stream<Repository> takers(ObjectKey registry, Context<Repository> context) {
    return concerned(registry, context).filter(this::takesAlong);
  }

  private boolean takesAlong(Repository repository) {
    return repository.getSpec().deletionPolicy() == DeletionPolicy.DELETE
        && (RepositoryDeletion.holds(repository) || !RepositoryDeletion.isDeleted(repository))
        && verdicts
            .of(registry(repository))
            .map(published -> published.policy().repositories().get(ObjectKey.of(repository)))
            .map(CoveringRepositories::counts)
            .orElse(true);
  }

  /** Whether the path is the Repository's own. */
  static boolean counts(Verdict verdict) {
    return verdict.reason() != Reason.NOT_ALLOWED && verdict.reason() != Reason.CONFLICT;
  }

  /** Whether there can be a path that both cover. */
  private static boolean meet(Repository one, Repository other) {
    return path(one).covers(path(other)) || path(other).covers(path(one));
  }

  private static boolean covers(Repository outer, Repository inner) {
    return path(outer).covers(path(inner)) && !path(outer).equals(path(inner));
  }

  private static PathPattern path(Repository repository) {
    return new PathPattern(repository.getSpec().path());
  }

  private static ObjectKey registry(Repository repository) {
    return RegistryReferences.key(repository, repository.getSpec().registryRef());
  }
}
