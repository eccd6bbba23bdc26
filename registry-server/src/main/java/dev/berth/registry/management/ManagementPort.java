package dev.berth.registry.management;

import dev.berth.registry.config.RegistryConfiguration;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;

/** Tells the two ports apart. */
@Singleton
final class ManagementPort {
  private static final int NONE = -1;

  private final int port;

  ManagementPort(RegistryConfiguration configuration) {
    RegistryConfiguration.Management management = configuration.management();
    this.port = management == null ? NONE : management.port();
  }

  boolean received(HttpRequest<?> request) {
    return request.getServerAddress().getPort() == port;
  }
}
