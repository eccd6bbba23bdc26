package dev.berth.registry.management;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.RepositoryCatalog;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.file.Path;

/** Tells how much is stored, and how much more can be. */
@Controller("/v1/usage")
@ExecuteOn(TaskExecutors.BLOCKING)
final class UsageController {
  private final RepositoryCatalog catalog;
  private final Path folder;

  UsageController(RepositoryCatalog catalog, RegistryConfiguration configuration) {
    this.catalog = catalog;
    this.folder = configuration.storage().filesystem().path();
  }

  @Get
  StorageUsage get() {
    return StorageUsage.of(catalog.usage(), folder);
  }
}
