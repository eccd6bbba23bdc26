package dev.berth.embedded;

import org.junit.jupiter.api.AfterAll;

class MockApiContractIT extends TokenContract {
  private final EmbeddedApi api = EmbeddedApi.mock();

  @Override
  EmbeddedApi api() {
    return api;
  }

  @AfterAll
  void stop() {
    api.close();
  }
}
