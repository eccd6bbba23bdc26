package dev.berth.registry.management;

import dev.berth.registry.config.RegistryConfiguration;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.AbstractHealthIndicator;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the folder of the blobs can be written to. */
@Singleton
@Readiness
final class StorageHealth extends AbstractHealthIndicator<String> {
  private final Path folder;

  StorageHealth(RegistryConfiguration configuration) {
    this.folder = configuration.storage().filesystem().path();
  }

  @Override
  protected String getHealthInformation() {
    try {
      Files.delete(Files.createTempFile(folder, ".health-", ""));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder, e);
    }
    healthStatus = HealthStatus.UP;
    return "the folder can be written to";
  }

  @Override
  protected String getName() {
    return "storage";
  }
}
