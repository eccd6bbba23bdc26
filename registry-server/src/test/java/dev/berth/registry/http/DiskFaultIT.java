package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps of a push fail: the client is told, nothing is lost, and the same server goes on. */
@Tag("crash")
class DiskFaultIT {
  private static final Random RANDOM = new Random(13);
  private static CrashingRegistry registry;

  private String repository;
  private String manifest;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    registry = new CrashingRegistry(folder);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @BeforeEach
  void givenAnImage() throws IOException {
    registry.ensureRunning();
    registry.nothingFails();
    repository = "r" + Integer.toHexString(RANDOM.nextInt());
    manifest = registry.client().pushImage(repository, "v1", "layer of " + repository);
  }

  @AfterEach
  void whatTheMetadataNamesIsThere() throws SQLException, IOException {
    registry.nothingFails();
    new StoredContent(registry.data()).assertSound();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FileChannel.open        | Read-only file system     | 500
          FileChannel.write       | No space left on device   | 503
          FileChannel.write       | Input/output error        | 500
          FileChannel.force       | Input/output error        | 500
          Files.createDirectories | No space left on device   | 503
          Files.createDirectories | Read-only file system     | 500
          Files.createLink        | No space left on device   | 503
          Files.createLink        | Disk quota exceeded       | 503
          Update.execute          | SQLITE_FULL               | 503
          Update.execute          | SQLITE_IOERR              | 500
          """)
  void aStepThatFailsIsToldAndLeavesTheImageThatWasThere(String call, String reason, int status)
      throws IOException {
    // Given
    Client client = registry.client();
    String layer = "next layer of " + repository;
    String next = Client.imageOf(layer);
    String blob = "/v2/" + repository + "/blobs/" + digest(layer);
    registry.fail(call, reason);

    // When
    Response pushed = client.pushBlob(repository, utf8(layer));
    Response moved = client.pushManifest(repository, "v1", MediaTypes.OCI_MANIFEST, next);

    // Then
    assertThat(pushed.status()).isEqualTo(status);
    assertThat(pushed.error()).isEqualTo("UNAVAILABLE");
    assertThat(moved.status()).isEqualTo(status);
    assertThat(client.head(blob).status()).isEqualTo(404);
    assertThat(new StoredContent(registry.data()).files())
        .doesNotContain(digest(layer), digest(next));
    assertThat(client.get("/v2/" + repository + "/manifests/v1").body()).isEqualTo(utf8(manifest));
    assertThat(
            client.get("/v2/" + repository + "/blobs/" + digest("layer of " + repository)).body())
        .isEqualTo(utf8("layer of " + repository));

    // When
    registry.nothingFails();

    // Then
    assertThat(client.pushBlob(repository, utf8(layer)).status()).isEqualTo(201);
    assertThat(client.pushManifest(repository, "v1", MediaTypes.OCI_MANIFEST, next).status())
        .isEqualTo(201);
    assertThat(client.get(blob).body()).isEqualTo(utf8(layer));
    assertThat(client.get("/v2/" + repository + "/manifests/v1").body()).isEqualTo(utf8(next));
  }
}
