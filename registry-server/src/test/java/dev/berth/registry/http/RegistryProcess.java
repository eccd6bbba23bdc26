package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A program that serves a folder, for tests that need a process of its own. */
final class RegistryProcess {
  private RegistryProcess() {}

  public static void main(String[] args) throws InterruptedException {
    TestRegistry registry =
        TestRegistry.start(
            Path.of(args[0]),
            new Together(new CountDownLatch(args.length > 2 ? Integer.parseInt(args[2]) : 1)),
            Map.of("micronaut.server.port", Integer.parseInt(args[1])));
    System.out.println("PORT " + registry.port());
    Thread.currentThread().join();
  }

  /** Lets the first requests through once all of them are there. */
  private static final class Together extends TestRegistry.OpenAccess {
    private final CountDownLatch missing;

    private Together(CountDownLatch missing) {
      this.missing = missing;
    }

    @Override
    public Caller require(HttpRequest<?> request, RepositoryName repository, Action action) {
      missing.countDown();
      try {
        missing.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.require(request, repository, action);
    }
  }
}
