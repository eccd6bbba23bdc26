package dev.berth.registry.metadata;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A contract about one metadata store, open while a test runs. */
public abstract class StoreContract {
  /** The one under test. */
  protected MetadataStore store;

  /** A store over the same data each time, as after a restart. */
  protected abstract MetadataStore open();

  @BeforeEach
  final void start() {
    store = open();
  }

  @AfterEach
  final void stop() {
    store.close();
  }

  /** Closes the store and opens another. */
  protected final void restart() {
    stop();
    start();
  }
}
