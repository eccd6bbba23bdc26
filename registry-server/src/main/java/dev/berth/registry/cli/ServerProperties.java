package dev.berth.registry.cli;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.tls.Certificates;
import dev.berth.registry.tls.ServerCertificate;
import io.netty.handler.ssl.SslProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration in the words of the HTTP server. */
final class ServerProperties {
  private static final String SERVER = "micronaut.server.";
  private static final String LISTENERS = SERVER + "netty.listeners.";

  /** What a client may send on one stream before it is read: memory that it can fill. */
  private static final int STREAM_WINDOW_BYTES = 1 << 20;

  private static final int MAX_STREAMS = 100;

  private ServerProperties() {}

  static Map<String, Object> of(RegistryConfiguration configuration) {
    Map<String, Object> properties = new HashMap<>();
    RegistryConfiguration.Http http = configuration.http();
    RegistryConfiguration.Management management = configuration.management();
    listener(properties, Certificates.DATA, http.address(), http.port(), http.tls());
    if (management != null) {
      listener(
          properties,
          Certificates.MANAGEMENT,
          management.address(),
          management.port(),
          management.tls());
      // Readiness is asked, and answered 503, while the other port waits for its last requests.
      properties.put(LISTENERS + Certificates.MANAGEMENT + ".support-graceful-shutdown", false);
    }
    properties.put(SERVER + "ssl.enabled", configuration.hasTls());
    if (configuration.hasTls()) {
      // Looking for BoringSSL takes a twentieth of a start.
      properties.put(SERVER + "ssl.prefer-openssl", ServerCertificate.PROVIDER != SslProvider.JDK);
      properties.put(SERVER + "ssl.handshake-timeout", "10s");
      properties.put(SERVER + "ssl.protocols", List.of("TLSv1.3", "TLSv1.2"));
    }
    if (http.tls() != null && (management == null || management.tls() != null)) {
      http2(properties);
    }
    limits(properties, configuration.limits());
    endpoints(properties);
    return properties;
  }

  private static void listener(
      Map<String, Object> properties,
      String name,
      String address,
      int port,
      RegistryConfiguration.@Nullable Tls tls) {
    String prefix = LISTENERS + name + ".";
    properties.put(prefix + "host", address);
    properties.put(prefix + "port", port);
    properties.put(prefix + "ssl", tls != null);
    if (tls != null) {
      properties.put(prefix + "key-name", name);
    }
  }

  /**
   * Offered to clients that come by TLS. Nobody asks for it without, and one that could would send
   * its first request for both versions.
   */
  private static void http2(Map<String, Object> properties) {
    properties.put(SERVER + "http-version", "2.0");
    // One pipeline a stream, as a connection has one: files are sent and bodies guarded there.
    properties.put(SERVER + "netty.legacy-multiplex-handlers", true);
    properties.put(SERVER + "netty.http2.initial-window-size", STREAM_WINDOW_BYTES);
    properties.put(SERVER + "netty.http2.max-concurrent-streams", MAX_STREAMS);
    properties.put(SERVER + "netty.http2.max-header-list-size", 32 << 10);
  }

  private static void limits(Map<String, Object> properties, RegistryConfiguration.Limits limits) {
    properties.put(SERVER + "idle-timeout", limits.idleTimeout().toString());
    // Asking for a token of many repositories makes a long line.
    properties.put(SERVER + "netty.max-initial-line-length", 16 << 10);
  }

  private static void endpoints(Map<String, Object> properties) {
    properties.put("endpoints.all.enabled", false);
    properties.put("endpoints.health.enabled", true);
    properties.put("endpoints.health.sensitive", false);
    properties.put("endpoints.health.details-visible", "NEVER");
    properties.put("endpoints.health.disk-space.enabled", false);
    properties.put("endpoints.health.discovery-client.enabled", false);
    properties.put("micronaut.health.monitor.enabled", false);
    properties.put("micronaut.metrics.enabled", true);
    properties.put("micronaut.metrics.export.prometheus.enabled", true);
    properties.put("micronaut.metrics.binders.web.enabled", false);
    properties.put("micronaut.metrics.binders.executor.enabled", false);
  }
}
