package dev.berth.operator.repository;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.DeletionPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.kubernetes.Refusal;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.policy.Verdicts;
import dev.berth.operator.registry.ImagesInUse;
import dev.berth.operator.registry.RunningImages;
import dev.berth.operator.server.ManagementAccess;
import dev.berth.operator.server.ManagementClient;
import dev.berth.operator.server.ReachableReplicas;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the images of a Repository whose {@code deletionPolicy} is Delete, before it goes and
 * once no pod runs them. Until a server has done it, a finalizer holds the Repository, and each
 * whose images it would take along without it; no other has one. What was deleted can be restored
 * for the Registry's undo window.
 */
final class RepositoryDeletion {
  static final String FINALIZER = "berth.dev/images";

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryDeletion.class);

  /**
   * How far one has come.
   *
   * @param repositories how many went
   * @param all then what is pushed before the Repository goes itself stays
   */
  private record Gone(String uid, long repositories, boolean all) {}

  private final Map<ObjectKey, Gone> gone = new ConcurrentHashMap<>();

  private final ImagesInUse images;
  private final CoveringRepositories covering;
  private final Verdicts verdicts;
  private final ReachableReplicas replicas;
  private final ManagementClient client;

  RepositoryDeletion(
      Verdicts verdicts, ReachableReplicas replicas, ManagementClient client, Clock clock) {
    this.images = new ImagesInUse(clock);
    this.covering = new CoveringRepositories(verdicts, clock);
    this.verdicts = verdicts;
    this.replicas = replicas;
    this.client = client;
  }

  /** How far the deletion of the images has come. */
  sealed interface Progress {

    /** Nothing is left to do, and nothing was done: the images stay, or there are none. */
    record Nothing() implements Progress {}

    /** The images are gone. */
    record Deleted(String message) implements Progress {}

    /** Not yet. */
    record Waiting(Reason reason, String message) implements Progress {}
  }

  void forget(ObjectKey repository) {
    images.forget(repository);
    covering.forget(repository);
    gone.remove(repository);
  }

  static boolean holds(Repository repository) {
    return repository.getMetadata().getFinalizers().contains(FINALIZER);
  }

  static boolean isDeleted(Repository repository) {
    return repository.getMetadata().getDeletionTimestamp() != null;
  }

  private static boolean isWanted(Repository repository) {
    return repository.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
  }

  /** Those that this one covers and that have to be visited because of what it says now. */
  Set<ObjectKey> others(Repository repository, Context<Repository> context) {
    return covering.unprepared(repository, context);
  }

  /**
   * Brings the finalizer of one that is not being deleted to what the spec says.
   *
   * @param others that it covers: they are held first
   */
  void prepare(Repository repository, Set<ObjectKey> others, Context<Repository> context) {
    boolean held = holds(repository);
    if (isWanted(repository) ? others.isEmpty() : covering.cover(repository, context)) {
      if (!held) {
        context.resourceOperations().addFinalizerWithSSA(FINALIZER);
      }
    } else if (!isWanted(repository)) {
      release(repository, context.getClient());
    }
  }

  /** Lets the Repository go. Where the patch does not apply, there is another visit. */
  static void release(Repository repository, KubernetesClient kubernetes) {
    TestedPatch.removeFinalizer(repository, FINALIZER, kubernetes);
  }

  /**
   * Has the images of a Repository that is being deleted deleted.
   *
   * @param registry null: it is gone, and with it whoever could delete anything
   */
  Progress carryOut(Repository repository, @Nullable Registry registry, Context<Repository> context)
      throws InterruptedException {
    if (registry == null || isDone(repository)) {
      return new Progress.Nothing();
    }
    if (!isWanted(repository)) {
      return covering
          .hold(repository, context)
          .<Progress>map(why -> new Progress.Waiting(Reason.IMAGES_KEPT, why))
          .orElseGet(Progress.Nothing::new);
    }
    ObjectKey key = ObjectKey.of(registry);
    Optional<Verdicts.Published> published = verdicts.of(key);
    Verdict verdict = published.map(known -> verdict(known, repository)).orElse(null);
    if (published.isEmpty() || verdict == null) {
      return new Progress.Waiting(
          Reason.IMAGES_REMAIN, "Registry %s was not looked at yet".formatted(key));
    }
    if (!CoveringRepositories.counts(verdict)) {
      // The path is somebody else's.
      return new Progress.Nothing();
    }
    if (!published.get().enforced() || !knowsAll(published.get(), key, context)) {
      // A server that does not know them yet would take the images of more specific ones along.
      return new Progress.Waiting(
          Reason.IMAGES_REMAIN,
          "Not every replica of Registry %s has the newest policy".formatted(key));
    }
    ReachableReplicas.Replicas reachable = replicas.of(key);
    if (reachable.addresses().isEmpty()) {
      return unreachable(key);
    }
    // Last, for it lists all pods there are.
    Optional<Progress> use = use(repository, registry, published.get(), context);
    return use.isPresent() ? use.get() : ask(repository, key, reachable);
  }

  private boolean isDone(Repository repository) {
    return before(repository).all();
  }

  private Gone before(Repository repository) {
    String uid = repository.getMetadata().getUid();
    Gone before = gone.get(ObjectKey.of(repository));
    return before != null && before.uid().equals(uid) ? before : new Gone(uid, 0, false);
  }

  /** What pods run stays; so does all while nobody knows what they run. */
  private Optional<Progress> use(
      Repository repository,
      Registry registry,
      Verdicts.Published published,
      Context<Repository> context) {
    ObjectKey key = ObjectKey.of(repository);
    RunningImages own =
        RunningImages.of(
            registry, name -> declaring(published, name).equals(Optional.of(key.toString())));
    try {
      return images
          .look(key, own, context)
          .message("this Repository")
          .map(message -> new Progress.Waiting(Reason.IMAGES_IN_USE, message));
    } catch (KubernetesClientException e) {
      String words = Refusal.words(e);
      LOG.warn("repository {}: it is not known what pods run: {}", key, words);
      return Optional.of(
          new Progress.Waiting(
              Reason.API_FAILED,
              "The images stay until the operator sees whether pods run them: " + words));
    }
  }

  /** Of the Repository whose word counts for a repository. */
  private static Optional<String> declaring(Verdicts.Published published, String name) {
    return published.policy().content().repositories().stream()
        .filter(entry -> entry.path().matches(name))
        .min(Comparator.comparing(DeclaredRepository::path, PathPattern.MOST_SPECIFIC_FIRST))
        .map(DeclaredRepository::name);
  }

  /** Whether no Repository came since that was published. */
  private static boolean knowsAll(
      Verdicts.Published published, ObjectKey registry, Context<Repository> context) {
    return context
        .getPrimaryCache()
        .list(
            other -> RegistryReferences.key(other, other.getSpec().registryRef()).equals(registry))
        .allMatch(other -> verdict(published, other) != null);
  }

  private static @Nullable Verdict verdict(Verdicts.Published published, Repository repository) {
    return published.policy().repositories().get(ObjectKey.of(repository));
  }

  private Progress ask(
      Repository repository, ObjectKey registry, ReachableReplicas.Replicas reachable)
      throws InterruptedException {
    String path = repository.getSpec().path();
    for (String address : reachable.addresses()) {
      try {
        return progress(
            repository,
            registry,
            client.deleteRepositories(address, ManagementAccess.PORT, reachable.access(), path));
      } catch (IOException e) {
        LOG.warn("registry {}: the images of {} were not deleted: {}", registry, path, "" + e);
      }
    }
    return unreachable(registry);
  }

  private Progress progress(
      Repository repository, ObjectKey registry, ManagementClient.DeletedRepositories now) {
    Gone before = before(repository);
    Gone after = new Gone(before.uid(), before.repositories() + now.repositories(), !now.more());
    gone.put(ObjectKey.of(repository), after);
    String path = repository.getSpec().path();
    return after.all()
        ? new Progress.Deleted(
            "%d repositories of %s were deleted; they can be restored until the undo window of Registry %s ends"
                .formatted(after.repositories(), path, registry))
        : new Progress.Waiting(
            Reason.IMAGES_REMAIN,
            "%d repositories of %s were deleted, and others are left"
                .formatted(after.repositories(), path));
  }

  private static Progress unreachable(ObjectKey registry) {
    return new Progress.Waiting(
        Reason.IMAGES_REMAIN, "No replica of Registry %s could be asked".formatted(registry));
  }
}
