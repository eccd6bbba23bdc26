package dev.berth.registry.management;

import dev.berth.registry.metadata.RepositoryCatalog;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Tells how much is stored. */
@Controller("/v1/usage")
@ExecuteOn(TaskExecutors.BLOCKING)
final class UsageController {
  private final RepositoryCatalog catalog;

  UsageController(RepositoryCatalog catalog) {
    this.catalog = catalog;
  }

  @Get
  RepositoryCatalog.Usage get() {
    return catalog.usage();
  }
}
