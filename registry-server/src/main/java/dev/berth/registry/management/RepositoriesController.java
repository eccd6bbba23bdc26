package dev.berth.registry.management;

import dev.berth.policy.Canary;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.observe.AuditLog;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the repositories of a Repository object that goes with its images: a few with each
 * request, so that who asks has an answer before losing patience, and can change its mind.
 */
@Controller("/v1/repositories")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RepositoriesController {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoriesController.class);

  /** Deleted with one request. */
  private static final int AT_ONCE = 100;

  /** The operator waits 5 s for an answer. */
  private static final Duration TIME = Duration.ofSeconds(2);

  private final MetadataStore metadata;
  private final PolicyInForce policy;
  private final AuditLog audit;
  private final Clock clock;
  private final ReentrantLock busy = new ReentrantLock();

  RepositoriesController(
      MetadataStore metadata, PolicyInForce policy, AuditLog audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
    this.metadata = metadata;
    this.policy = policy;
  }

  /** What the path matches, but what a more specific Repository declares. */
  @Post("/delete")
  HttpResponse<?> delete(@Body Wanted wanted) {
    String path = wanted.path();
    if (path == null || path.isEmpty()) {
      return HttpResponse.badRequest(new Message("path says which repositories are to go"));
    }
    if (policy.revision().isEmpty()) {
      // Nothing says which of them are another's.
      return HttpResponse.status(HttpStatus.CONFLICT)
          .body(new Message("there is no policy document yet; send one, then ask again"));
    }
    // Who gave up waiting asks again, and would only slow the first one down.
    if (!busy.tryLock()) {
      return HttpResponse.status(HttpStatus.CONFLICT)
          .body(new Message("repositories are being deleted already; ask again"));
    }
    try {
      Deleted deleted = deleteSome(new PathPattern(path));
      LOG.info(
          "{} repositories of {} were deleted; they can be restored for a while",
          deleted.repositories(),
          path);
      return HttpResponse.ok(deleted);
    } finally {
      busy.unlock();
    }
  }

  private Deleted deleteSome(PathPattern pattern) {
    Instant end = clock.instant().plus(TIME);
    int deleted = 0;
    Iterator<String> names =
        metadata
            .beginningWith(pattern.start())
            .filter(name -> pattern.matches(name) && !Canary.is(name))
            .filter(name -> !isAnothers(name, pattern))
            .iterator();
    while (names.hasNext()) {
      String name = names.next();
      // Only after one that went: every request brings it nearer to the end.
      if (deleted >= AT_ONCE || (deleted > 0 && clock.instant().isAfter(end))) {
        return new Deleted(deleted, true);
      }
      deleted += delete(name, pattern) ? 1 : 0;
    }
    return new Deleted(deleted, false);
  }

  private boolean delete(String name, PathPattern pattern) {
    boolean deleted = metadata.delete(new RepositoryName(name));
    if (deleted) {
      audit.byItself(
          AuditLog.MANAGEMENT,
          "delete repository",
          name,
          "",
          "all of " + pattern.value() + " is deleted");
    }
    return deleted;
  }

  private boolean isAnothers(String name, PathPattern pattern) {
    Optional<DeclaredRepository> declaring = policy.declaring(new RepositoryName(name));
    return declaring
        .map(DeclaredRepository::path)
        .filter(path -> PathPattern.MOST_SPECIFIC_FIRST.compare(path, pattern) < 0)
        .isPresent();
  }

  /** Which are to go, as a Repository's {@code spec.path} says it. */
  record Wanted(@Nullable String path) {}

  /**
   * How many went.
   *
   * @param more whether there are others, to be asked for again
   */
  record Deleted(int repositories, boolean more) {}
}
