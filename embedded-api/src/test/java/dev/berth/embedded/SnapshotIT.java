package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotIT {
  @TempDir Path folder;

  @Test
  void objectsSurviveARestartAsTheyWere() throws Exception {
    Path file = folder.resolve("deep/api.json");
    ObjectMeta before;
    try (EmbeddedApi api = start(file);
        KubernetesClient client = api.client()) {
      Widgets.define(client);
      before = client.resource(widget("S")).serverSideApply().getMetadata();
    }

    try (EmbeddedApi api = start(file);
        KubernetesClient client = api.client()) {
      GenericKubernetesResource after = Widgets.named(client, "default", "w").get();
      GenericKubernetesResource again = client.resource(widget("S")).serverSideApply();
      GenericKubernetesResource changed = client.resource(widget("M")).serverSideApply();

      assertThat(after.getMetadata()).isEqualTo(before);
      assertThat(again.getMetadata()).isEqualTo(before);
      assertThat(Long.parseLong(changed.getMetadata().getResourceVersion()))
          .isGreaterThan(Long.parseLong(before.getResourceVersion()));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aChangeReachesTheFileWithoutAClose() {
    Path file = folder.resolve("api.json");
    try (EmbeddedApi api = start(file);
        KubernetesClient client = api.client()) {
      Widgets.define(client);

      client.resource(widget("S")).serverSideApply();

      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(Files.readString(file)).contains("\"name\":\"w\""));
    }
  }

  @Test
  void aBrokenFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("api.json"), "{\"revision\":");

    assertThatThrownBy(() -> start(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("move the file away");
  }

  private static EmbeddedApi start(Path file) {
    return EmbeddedApi.mock(MockOptions.defaults().withSnapshot(file));
  }

  private static GenericKubernetesResource widget(String size) {
    return Widgets.widget("default", "w", "{size: " + size + "}");
  }
}
