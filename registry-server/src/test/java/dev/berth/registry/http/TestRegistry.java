package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.auth.Pullable;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The whole data plane in this process, with rights that a test scripts. */
final class TestRegistry implements AutoCloseable {
  static final int UPLOADS = 200;
  static final int NESTING = 8;

  private static final int MANIFEST_BYTES = 4 * 1024 * 1024;
  private static final long BLOB_BYTES = 1L << 40;

  private final ApplicationContext context;
  private final EmbeddedServer server;

  private TestRegistry(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  static TestRegistry start(Path folder) {
    return start(folder, new OpenAccess(), Map.of());
  }

  static TestRegistry start(Path folder, AccessControl access, Map<String, Object> settings) {
    return start(
        access,
        settings,
        configuration(
            folder,
            Duration.ofMinutes(1),
            new RegistryConfiguration.Connections(10_000, 256, Duration.ofSeconds(15), 1024)));
  }

  /** With little patience. */
  static TestRegistry start(
      Path folder, Duration idleTimeout, RegistryConfiguration.Connections connections) {
    return start(
        new OpenAccess(),
        Map.of("micronaut.server.idle-timeout", idleTimeout.toString()),
        configuration(folder, idleTimeout, connections));
  }

  /** In which time passes as a test wants it, and garbage is collected when it is told to. */
  static TestRegistry start(Path folder, Clock clock, Duration grace, Duration undo) {
    return start(folder, clock, grace, undo, Duration.ofDays(1));
  }

  static TestRegistry start(
      Path folder, Clock clock, Duration grace, Duration undo, Duration interval) {
    RegistryConfiguration usual =
        configuration(
            folder,
            Duration.ofMinutes(1),
            new RegistryConfiguration.Connections(10_000, 256, Duration.ofSeconds(15), 1024));
    return start(
        new OpenAccess(),
        Map.of(),
        new RegistryConfiguration(
            usual.http(),
            usual.management(),
            usual.storage(),
            usual.metadata(),
            usual.authentication(),
            usual.policy(),
            usual.limits(),
            new RegistryConfiguration.GarbageCollection(
                grace, undo, Duration.ofHours(24), interval),
            usual.logging()),
        clock);
  }

  private static TestRegistry start(
      AccessControl access,
      Map<String, Object> settings,
      RegistryConfiguration configuration,
      Object... beans) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.putIfAbsent("micronaut.server.port", 0);
    properties.put("micronaut.server.host", "127.0.0.1");
    ApplicationContext context =
        ApplicationContext.builder()
            .properties(properties)
            .singletons(access, configuration)
            .singletons(beans)
            .start();
    return new TestRegistry(context, context.getBean(EmbeddedServer.class).start());
  }

  private static RegistryConfiguration configuration(
      Path folder, Duration idleTimeout, RegistryConfiguration.Connections connections) {
    return new RegistryConfiguration(
        new RegistryConfiguration.Http("127.0.0.1", 0, List.of("127.0.0.1"), null),
        null,
        new RegistryConfiguration.Storage(
            new RegistryConfiguration.Filesystem(folder.resolve("data"))),
        new RegistryConfiguration.Metadata(
            new RegistryConfiguration.Embedded(folder.resolve("data/berth.db"))),
        new RegistryConfiguration.Authentication(
            null, null, null, List.of(), null, Duration.ofMinutes(5)),
        null,
        new RegistryConfiguration.Limits(
            MANIFEST_BYTES,
            BLOB_BYTES,
            1000,
            NESTING,
            1000,
            UPLOADS,
            idleTimeout,
            connections,
            new RegistryConfiguration.Requests(0, 1),
            new RegistryConfiguration.WrongPasswords(20, 20)),
        new RegistryConfiguration.GarbageCollection(
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofHours(24),
            Duration.ofMinutes(1)),
        new RegistryConfiguration.Logging(
            RegistryConfiguration.Level.INFO, RegistryConfiguration.Format.TEXT, true));
  }

  /** A policy that says nothing but this, newer than those of lesser sequences. */
  void offer(long sequence, SpaceRules space, DeclaredRepository... repositories) {
    bean(PolicyInForce.class)
        .offer(
            PolicyDocumentFormat.document(
                new PolicyDocument.Content(true, Creation.ON_PUSH, List.of(repositories), List.of())
                    .withSpace(space),
                sequence));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  URI uri() {
    return server.getURI();
  }

  int port() {
    return server.getPort();
  }

  /** What a signal to end does before the context is closed. */
  void shutDownGracefully() {
    context
        .getBean(GracefulShutdownManager.class)
        .shutdownGracefully()
        .toCompletableFuture()
        .join();
  }

  @Override
  public void close() {
    context.close();
  }

  /** Allows everything. */
  static class OpenAccess implements AccessControl {
    @Override
    public Caller authenticate(HttpRequest<?> request) {
      return Caller.ANONYMOUS;
    }

    @Override
    public Caller require(HttpRequest<?> request, RepositoryName repository, Action action) {
      return Caller.ANONYMOUS;
    }

    @Override
    public Pullable pullable(HttpRequest<?> request) {
      throw new AssertionError("nobody asks for the catalog here");
    }

    @Override
    public Pullable searchable(HttpRequest<?> request) {
      throw new AssertionError("nobody searches here");
    }

    @Override
    public Reach reach(HttpRequest<?> request, RepositoryName repository, Action action) {
      return Reach.ALLOWED;
    }

    @Override
    public OciException widerToken(
        HttpRequest<?> request, RepositoryName pushedTo, RepositoryName pulledFrom) {
      throw new AssertionError("nothing is beyond a token here");
    }
  }

  /** Allows everything but what lies in some repositories. */
  record ClosedTo(Set<RepositoryName> closed) implements AccessControl {
    @Override
    public Caller authenticate(HttpRequest<?> request) {
      throw refusal();
    }

    @Override
    public Caller require(HttpRequest<?> request, RepositoryName repository, Action action) {
      if (closed.contains(repository)) {
        throw refusal();
      }
      return Caller.ANONYMOUS;
    }

    @Override
    public Pullable pullable(HttpRequest<?> request) {
      throw new AssertionError("nobody asks for the catalog here");
    }

    @Override
    public Pullable searchable(HttpRequest<?> request) {
      throw new AssertionError("nobody searches here");
    }

    @Override
    public Reach reach(HttpRequest<?> request, RepositoryName repository, Action action) {
      return closed.contains(repository) ? Reach.REFUSED : Reach.ALLOWED;
    }

    @Override
    public OciException widerToken(
        HttpRequest<?> request, RepositoryName pushedTo, RepositoryName pulledFrom) {
      throw new AssertionError("nothing is beyond a token here");
    }

    private static OciException refusal() {
      return new OciException(
          ErrorCode.UNAUTHORIZED,
          401,
          "log in first",
          Map.of("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1/token\""));
    }
  }
}
