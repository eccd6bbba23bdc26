package dev.berth.registry.management;

import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.observe.AuditLog;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the repositories of a Repository object that goes with its images. */
@Controller("/v1/repositories")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RepositoriesController {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoriesController.class);
  private static final int AT_ONCE = 100;

  private final MetadataStore metadata;
  private final PolicyInForce policy;
  private final AuditLog audit;

  RepositoriesController(MetadataStore metadata, PolicyInForce policy, AuditLog audit) {
    this.audit = audit;
    this.metadata = metadata;
    this.policy = policy;
  }

  /** All that the path matches, but what a more specific Repository declares. */
  @Post("/delete")
  HttpResponse<?> delete(@Body Wanted wanted) {
    String path = wanted.path();
    if (path == null || path.isEmpty()) {
      return HttpResponse.badRequest(new Message("path says which repositories are to go"));
    }
    PathPattern pattern = new PathPattern(path);
    int deleted = 0;
    String from = "";
    List<String> names;
    do {
      names = metadata.names("", from, false, AT_ONCE);
      for (String name : names) {
        if (pattern.matches(name) && !isAnothers(name, pattern)) {
          deleted += delete(name, path) ? 1 : 0;
        }
        from = name;
      }
    } while (names.size() == AT_ONCE);
    LOG.info("{} repositories of {} were deleted; they can be restored for a while", deleted, path);
    return HttpResponse.ok(new Deleted(deleted));
  }

  private boolean delete(String name, String path) {
    boolean deleted = metadata.delete(new RepositoryName(name));
    if (deleted) {
      audit.byItself(
          AuditLog.MANAGEMENT, "delete repository", name, "", "all of " + path + " is deleted");
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

  /** How many went. */
  record Deleted(int repositories) {}
}
