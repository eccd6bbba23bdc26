package dev.berth.registry.tls;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The certificate of each port that has one, by the name that the port's listener asks for. */
@Factory
public final class Certificates {
  public static final String DATA = "data";
  public static final String MANAGEMENT = "management";

  @Singleton
  @Named(DATA)
  @Nullable ReloadingCertificate data(RegistryConfiguration configuration, FilePoller poller) {
    RegistryConfiguration.Tls tls = configuration.http().tls();
    return tls == null ? null : new ReloadingCertificate(DATA, tls, poller);
  }

  @Singleton
  @Named(MANAGEMENT)
  @Nullable ReloadingCertificate management(
      RegistryConfiguration configuration, FilePoller poller) {
    RegistryConfiguration.Management management = configuration.management();
    return management == null || management.tls() == null
        ? null
        : new ReloadingCertificate(MANAGEMENT, management.tls(), poller);
  }
}
