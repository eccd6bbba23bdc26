package dev.berth.registry.http;

import java.nio.file.Path;
import java.util.Map;

/** A program that serves a folder, for tests that need a process of its own. */
final class RegistryProcess {
  private RegistryProcess() {}

  public static void main(String[] args) throws InterruptedException {
    TestRegistry registry =
        TestRegistry.start(
            Path.of(args[0]),
            new TestRegistry.OpenAccess(),
            Map.of("micronaut.server.port", Integer.parseInt(args[1])));
    System.out.println("PORT " + registry.port());
    Thread.currentThread().join();
  }
}
