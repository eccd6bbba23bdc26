package dev.berth.registry.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configurations of a registry that is called registry.example.com. */
public final class TestConfigurations {
  private TestConfigurations() {}

  public static RegistryConfiguration minimal() {
    return of(List.of("registry.example.com"), true, null);
  }

  /** That stores here, and takes manifests of some kilobytes. */
  public static RegistryConfiguration over(Path folder) {
    RegistryConfiguration all = minimal();
    RegistryConfiguration.Limits limits = all.limits();
    return new RegistryConfiguration(
        all.http(),
        all.management(),
        new RegistryConfiguration.Storage(new RegistryConfiguration.Filesystem(folder)),
        all.metadata(),
        all.authentication(),
        all.policy(),
        new RegistryConfiguration.Limits(
            4096,
            limits.blobBytes(),
            limits.descriptors(),
            limits.nesting(),
            limits.pageSize(),
            limits.uploads(),
            limits.idleTimeout(),
            limits.connections(),
            limits.requests(),
            limits.wrongPasswords()),
        all.garbageCollection(),
        all.logging());
  }

  public static RegistryConfiguration withSigningKey(Path key) {
    return of(List.of("registry.example.com"), true, key);
  }

  public static RegistryConfiguration withHosts(boolean tls, String... hosts) {
    return of(List.of(hosts), tls, null);
  }

  public static RegistryConfiguration withOidc(RegistryConfiguration.Oidc issuer) {
    return with(
        minimal(),
        new RegistryConfiguration.Authentication(
            null, null, null, List.of(issuer), null, Duration.ofMinutes(5)));
  }

  public static RegistryConfiguration withPullSecretKey(Path key) {
    return with(
        minimal(),
        new RegistryConfiguration.Authentication(
            null, null, key, List.of(), null, Duration.ofMinutes(5)));
  }

  private static RegistryConfiguration with(
      RegistryConfiguration all, RegistryConfiguration.Authentication authentication) {
    return new RegistryConfiguration(
        all.http(),
        all.management(),
        all.storage(),
        all.metadata(),
        authentication,
        all.policy(),
        all.limits(),
        all.garbageCollection(),
        all.logging());
  }

  private static RegistryConfiguration of(List<String> hosts, boolean tls, @Nullable Path key) {
    return new RegistryConfiguration(
        new RegistryConfiguration.Http(
            "0.0.0.0",
            5000,
            hosts,
            tls ? new RegistryConfiguration.Tls(Path.of("tls.crt"), Path.of("tls.key")) : null),
        null,
        new RegistryConfiguration.Storage(new RegistryConfiguration.Filesystem(Path.of("data"))),
        new RegistryConfiguration.Metadata(new RegistryConfiguration.Embedded(Path.of("berth.db"))),
        new RegistryConfiguration.Authentication(
            key, null, null, List.of(), null, Duration.ofMinutes(5)),
        null,
        new RegistryConfiguration.Limits(
            1,
            1,
            1,
            8,
            1,
            1,
            Duration.ofMinutes(1),
            new RegistryConfiguration.Connections(10_000, 256, Duration.ofSeconds(15), 1024),
            new RegistryConfiguration.Requests(0, 1),
            new RegistryConfiguration.WrongPasswords(20, 20)),
        new RegistryConfiguration.GarbageCollection(
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofMinutes(1)),
        new RegistryConfiguration.Logging(
            RegistryConfiguration.Level.INFO, RegistryConfiguration.Format.JSON, true));
  }
}
