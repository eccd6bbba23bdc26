package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfEnvironmentVariable(
    named = RealOptions.BINARIES_VARIABLE,
    matches = ".+",
    disabledReason = "KUBE_API_TEST_DIR names no folder with kube-apiserver and etcd")
class RealApiIT {
  @TempDir Path data;

  @Test
  void dataSurvivesARestartAndNothingListensBeyondLoopback() {
    RealOptions options = RealOptions.fromEnvironment().orElseThrow().withData(data);
    try (EmbeddedApi api = EmbeddedApi.real(options);
        KubernetesClient client = api.client()) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("kept")
                  .withNamespace("default")
                  .endMetadata()
                  .build())
          .create();
      assertThat(Listeners.ofDescendants()).isNotEmpty().allMatch(Listeners::isLoopback);
    }
    assertThat(ProcessHandle.current().descendants()).isEmpty();

    try (EmbeddedApi api = EmbeddedApi.real(options);
        KubernetesClient client = api.client()) {
      assertThat(client.configMaps().inNamespace("default").withName("kept").get()).isNotNull();
      assertThat(api.isReal()).isTrue();
    }
  }

  @Test
  void aSignalEndsTheServersToo() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HeldRealApi.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = program.inputReader()) {
      assertThat(lines.readLine()).startsWith("kube-apiserver");
      List<ProcessHandle> servers = program.descendants().toList();
      assertThat(servers).hasSizeGreaterThanOrEqualTo(2);

      program.destroy();

      Awaitility.await().untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
    } finally {
      program.destroyForcibly();
    }
  }
}
