package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Removed.Back;
import dev.berth.registry.metadata.Removed.Entry;
import dev.berth.registry.metadata.Removed.Nothing;
import dev.berth.registry.metadata.Removed.Taken;
import dev.berth.registry.observe.AuditLog;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Undo: what was removed lately, and how it comes back. */
@Controller("/v1/removed")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RemovedController {
  private static final int MOST = 1000;

  private final MetadataStore metadata;
  private final AuditLog audit;
  private final Duration undo;

  RemovedController(MetadataStore metadata, AuditLog audit, RegistryConfiguration configuration) {
    this.metadata = metadata;
    this.audit = audit;
    this.undo = configuration.garbageCollection().undoWindow();
  }

  @Get
  HttpResponse<?> list(
      @Nullable @QueryValue String repository,
      @Nullable @QueryValue String after,
      @Nullable @QueryValue Integer limit) {
    int most = limit == null ? MOST : Math.clamp(limit, 1, MOST);
    try {
      List<Entry> entries =
          metadata
              .removed()
              .list(
                  repository == null ? null : new RepositoryName(repository),
                  after == null ? "" : after,
                  most);
      return HttpResponse.ok(
          new Listing(
              entries.stream().map(this::shown).toList(),
              entries.size() < most ? null : entries.getLast().id()));
    } catch (OciException e) {
      return HttpResponse.badRequest(new Message(e.getMessage()));
    }
  }

  private Shown shown(Entry entry) {
    String kind = entry.kind().name();
    return new Shown(
        entry.id(),
        entry.repository().value(),
        kind.charAt(0) + kind.substring(1).toLowerCase(Locale.ROOT),
        entry.reference(),
        entry.digest().toString(),
        entry.bytes(),
        entry.removedAt().toString(),
        entry.removedAt().plus(undo).toString(),
        entry.reason());
  }

  @Post("/restore")
  HttpResponse<?> restore(@Body Wanted wanted) {
    String named = wanted.repository();
    if (named == null) {
      return HttpResponse.badRequest(
          new Message("say which repository: {\"repository\": \"team-a/app\"}"));
    }
    try {
      RepositoryName repository = new RepositoryName(named);
      String reference = wanted.reference();
      return switch (metadata
          .removed()
          .restore(repository, reference == null ? null : Reference.parse(reference))) {
        case Back(List<String> references) -> restored(repository, references);
        case Nothing _ ->
            HttpResponse.notFound(
                new Message(
                    "nothing of that name was removed from "
                        + repository
                        + " within the undo window; undo list shows what was"));
        case Taken(var digest) ->
            HttpResponse.status(HttpStatus.CONFLICT)
                .body(
                    new Message(
                        "the tag "
                            + reference
                            + " names "
                            + digest
                            + " now; delete it first, or restore by digest"));
      };
    } catch (OciException e) {
      return HttpResponse.badRequest(new Message(e.getMessage()));
    }
  }

  private HttpResponse<?> restored(RepositoryName repository, List<String> references) {
    for (String back : references) {
      audit.byItself(AuditLog.MANAGEMENT, "restore", repository.value(), back, "undo");
    }
    return HttpResponse.ok(new Done(references));
  }

  /** One page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Listing(List<Shown> removed, @Nullable String next) {}

  /** What can be restored, until when. */
  record Shown(
      String id,
      String repository,
      String kind,
      String reference,
      String digest,
      long bytes,
      String removedAt,
      String goneAt,
      String reason) {}

  /**
   * What is to come back.
   *
   * @param repository required, but a client may forget it
   * @param reference tag or digest; null: all that went when the repository was deleted
   */
  record Wanted(@Nullable String repository, @Nullable String reference) {}

  /** What came back. */
  record Done(List<String> restored) {}
}
