package dev.berth.registry.http;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A registry and a client for the tests of one class; each test uses repositories of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegistryTest {
  Path folder;
  TestRegistry registry;
  Client client;

  @BeforeAll
  void startRegistry(@TempDir Path made) {
    folder = made;
    registry = start(folder);
    client = new Client(registry.uri());
  }

  TestRegistry start(Path folder) {
    return TestRegistry.start(folder);
  }

  @AfterAll
  void stopRegistry() {
    client.close();
    registry.close();
  }
}
