package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of content that a check took out of service. */
class LostContentIT {
  private TestRegistry registry;
  private Client client;

  @BeforeEach
  void start(@TempDir Path folder) {
    registry = TestRegistry.start(folder);
    client = new Client(registry.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private void lose(String content) {
    registry.bean(MetadataStore.class).mending().lose(Digest.parse(digest(content)));
  }

  @Test
  void aPullSaysWhatIsWrongAndTheNextPushHeals() {
    // Given
    client.pushImage("app", "v1", "layer");
    client.pushImage("other", "v1", "layer");
    lose("layer");
    String blob = "/v2/app/blobs/" + digest("layer");

    // Then
    assertThat(client.head(blob).status()).isEqualTo(404);
    Response pull = client.get(blob);
    assertThat(pull.status()).isEqualTo(404);
    assertThat(pull.error()).isEqualTo("BLOB_UNKNOWN");
    assertThat(pull.json().at("/errors/0/message").asText())
        .contains("missing or damaged", "push the image again");

    // When
    client.pushBlob("other", utf8("layer"));

    // Then
    assertThat(client.get(blob).body()).isEqualTo(utf8("layer"));
  }

  @Test
  void aLostManifestIsNotServedAndItsTagCanBeDeleted() {
    // Given
    String manifest = client.pushImage("app", "v1", "layer");
    String tagged = client.pushImage("app", "v2", "second layer");
    lose(manifest);
    lose(tagged);

    // Then
    Response pull = client.get("/v2/app/manifests/v1");
    assertThat(pull.status()).isEqualTo(404);
    assertThat(pull.error()).isEqualTo("MANIFEST_UNKNOWN");
    assertThat(pull.json().at("/errors/0/message").asText()).contains("push the image again");
    assertThat(client.head("/v2/app/manifests/" + digest(manifest)).status()).isEqualTo(404);

    // When
    client.pushManifest("app", "v1", MediaTypes.OCI_MANIFEST, manifest);

    // Then
    assertThat(client.get("/v2/app/manifests/v1").body()).isEqualTo(utf8(manifest));
    assertThat(client.delete("/v2/app/manifests/v2").status()).isEqualTo(202);
  }

  @Test
  void aLostBlobIsNoSourceOfAMountAndAManifestAboutItIsTakenWithAWarning() {
    // Given
    client.pushBlob("app", utf8("{}"));
    client.pushBlob("app", utf8("layer"));
    lose("layer");

    // Then
    assertThat(
            client
                .post(
                    "/v2/other/blobs/uploads/?mount=" + digest("layer") + "&from=app", new byte[0])
                .status())
        .isEqualTo(202);
    Response pushed =
        client.pushManifest("app", "v1", MediaTypes.OCI_MANIFEST, Client.imageOf("layer"));
    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Warning")).contains(digest("layer"));
  }

  @Test
  void bytesThatAreLostDoNotCountAsStored() {
    // Given
    client.pushBlob("app", utf8("0123456789"));
    MetadataStore metadata = registry.bean(MetadataStore.class);

    // When
    lose("0123456789");
    lose("0123456789");

    // Then
    assertThat(metadata.storedBytes()).isZero();
    assertThat(metadata.inspection().miscounts()).isEmpty();

    // When
    client.pushBlob("app", utf8("0123456789"));

    // Then
    assertThat(metadata.storedBytes()).isEqualTo(10);
    assertThat(metadata.blobs().size(new RepositoryName("app"), Digest.parse(digest("0123456789"))))
        .hasValue(10);
  }
}
