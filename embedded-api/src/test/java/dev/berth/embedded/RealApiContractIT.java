package dev.berth.embedded;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@EnabledIfEnvironmentVariable(
    named = RealOptions.BINARIES_VARIABLE,
    matches = ".+",
    disabledReason = "KUBE_API_TEST_DIR names no folder with kube-apiserver and etcd")
class RealApiContractIT extends TokenContract {
  private final EmbeddedApi api = EmbeddedApi.real(RealOptions.fromEnvironment().orElseThrow());

  @Override
  EmbeddedApi api() {
    return api;
  }

  @AfterAll
  void stop() {
    api.close();
  }
}
