package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.registry.collect.CollectionRuns;
import dev.berth.registry.metadata.Collection;
import dev.berth.registry.metadata.MetadataStore;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what garbage collection did and may do, and has it run. */
@Controller("/v1/garbage-collection")
@ExecuteOn(TaskExecutors.BLOCKING)
final class GarbageCollectionController {
  private final MetadataStore metadata;
  private final CollectionRuns runs;

  GarbageCollectionController(MetadataStore metadata, CollectionRuns runs) {
    this.metadata = metadata;
    this.runs = runs;
  }

  @Get
  State get() {
    return State.of(metadata.collection().summary());
  }

  /** What is due goes, and nothing before. */
  @Post(consumes = MediaType.ALL)
  State run() {
    return State.of(runs.now());
  }

  /** Absent: there was no run that did anything. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(
      @Nullable String lastRunAt, long freedBytes, long quarantinedBytes, long reclaimableBytes) {

    static State of(Collection.Summary summary) {
      Instant at = summary.lastRunAt();
      return new State(
          at == null ? null : at.toString(),
          summary.freedBytes(),
          summary.quarantinedBytes(),
          summary.reclaimableBytes());
    }
  }
}
