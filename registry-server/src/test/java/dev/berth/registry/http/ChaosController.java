package dev.berth.registry.http;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Removed;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Deletes repositories and brings them back, as the management port does, which the servers of
 * these tests do not have; no repository's name begins like this.
 */
@Controller("/v2/_chaos")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ChaosController {
  private final MetadataStore metadata;

  ChaosController(MetadataStore metadata) {
    this.metadata = metadata;
  }

  @Post("/delete")
  HttpResponse<?> delete(@QueryValue String repository) {
    return metadata.delete(new RepositoryName(repository))
        ? HttpResponse.ok()
        : HttpResponse.notFound();
  }

  @Post("/restore")
  HttpResponse<?> restore(@QueryValue String repository) {
    return metadata.removed().restore(new RepositoryName(repository), null) instanceof Removed.Back
        ? HttpResponse.ok()
        : HttpResponse.notFound();
  }
}
