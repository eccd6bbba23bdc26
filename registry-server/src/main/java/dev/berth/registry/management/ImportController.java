package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.Adoption.Progress;
import dev.berth.registry.metadata.MetadataStore;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells how far the adoption of another registry's volume is. */
@Controller("/v1/import")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ImportController {
  private static final int PROBLEMS = 20;

  private final MetadataStore metadata;

  ImportController(MetadataStore metadata) {
    this.metadata = metadata;
  }

  @Get
  Shown get() {
    Progress progress = metadata.adoption().progress(PROBLEMS);
    return switch (progress.state()) {
      case UNDECIDED, NONE -> new Shown("None", null, null, null, null, null, null, null);
      case RUNNING -> shown("Running", progress);
      case DONE -> shown("Done", progress);
    };
  }

  private static Shown shown(String state, Progress progress) {
    return new Shown(
        state,
        progress.repositories(),
        progress.repositoriesDone(),
        progress.manifests(),
        progress.tags(),
        progress.blobs(),
        progress.skipped(),
        progress.problems());
  }

  /** Numbers and problems are absent where nothing was adopted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Shown(
      String state,
      @Nullable Long repositories,
      @Nullable Long repositoriesDone,
      @Nullable Long manifests,
      @Nullable Long tags,
      @Nullable Long blobs,
      @Nullable Long skipped,
      @Nullable List<Problem> problems) {}
}
