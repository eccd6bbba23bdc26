package dev.berth.registry.management;

import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.AbstractHealthIndicator;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;

/** Whether the database answers. */
@Singleton
@Readiness
final class MetadataHealth extends AbstractHealthIndicator<String> {
  private static final RepositoryName ANY = new RepositoryName("health");

  private final RepositoryCatalog catalog;

  MetadataHealth(RepositoryCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  protected String getHealthInformation() {
    catalog.find(ANY);
    healthStatus = HealthStatus.UP;
    return "the database answers";
  }

  @Override
  protected String getName() {
    return "metadata";
  }
}
