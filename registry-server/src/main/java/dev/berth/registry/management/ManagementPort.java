package dev.berth.registry.management;

import dev.berth.registry.config.RegistryConfiguration;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;

/** Tells the two ports apart. */
@Singleton
final class ManagementPort {
  private final RegistryConfiguration configuration;

  ManagementPort(RegistryConfiguration configuration) {
    this.configuration = configuration;
  }

  boolean received(HttpRequest<?> request) {
    return configuration.isManagement(request.getServerAddress().getPort());
  }
}
