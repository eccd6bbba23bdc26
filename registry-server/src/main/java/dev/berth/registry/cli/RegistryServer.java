package dev.berth.registry.cli;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.RepositoryCatalog;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import io.netty.handler.ssl.OpenSsl;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. */
public final class RegistryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

  /** Shorter than the 30 seconds that a pod is given before it is killed. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final ApplicationContext context;

  private RegistryServer(ApplicationContext context) {
    this.context = context;
  }

  /**
   * Starts a server; it listens when this returns.
   *
   * @param beans that take part beside those of the registry
   */
  public static RegistryServer start(RegistryConfiguration configuration, Object... beans) {
    ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .environmentPropertySource(false)
            .banner(false)
            .properties(ServerProperties.of(configuration))
            .singletons(beans)
            .build();
    try {
      context.registerSingleton(configuration);
      context.start();
      // The database is opened and migrated before anybody can ask it.
      context.getBean(RepositoryCatalog.class);
      context.getBean(EmbeddedServer.class).start();
      if (configuration.hasTls() && !OpenSsl.isAvailable()) {
        LOG.warn(
            "handshakes are slow: BoringSSL cannot be loaded, the JDK's TLS stands in for it: {}",
            OpenSsl.unavailabilityCause().toString());
      }
      if (configuration.policy() == null && configuration.management() == null) {
        LOG.warn(
            "nobody may pull or push anything: no policy can come; name a document by policy.file, or have one sent by management");
      }
      LOG.info("listening, {}", describe(configuration));
      return new RegistryServer(context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  private static String describe(RegistryConfiguration configuration) {
    RegistryConfiguration.Http http = configuration.http();
    RegistryConfiguration.Management management = configuration.management();
    String data =
        (http.tls() == null ? "http" : "https") + " on " + http.address() + ":" + http.port();
    return management == null
        ? data + ", no management port"
        : data + ", management on " + management.address() + ":" + management.port();
  }

  /** The beans, for tests that look inside. */
  ApplicationContext context() {
    return context;
  }

  /** Takes no new connection, waits for the requests that run, and ends. */
  @Override
  public void close() {
    if (!context.isRunning()) {
      return;
    }
    try {
      context
          .getBean(GracefulShutdownManager.class)
          .shutdownGracefully()
          .toCompletableFuture()
          .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("requests still ran after {} seconds and were cut", GRACE.toSeconds());
    } catch (ExecutionException e) {
      LOG.warn("the requests that ran could not be waited for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.close();
    }
  }
}
