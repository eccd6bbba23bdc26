package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.registry.http.Client.NoAnswer;
import dev.berth.registry.http.Client.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server dies at each step of a push, and what a restart shows of it. */
@Tag("crash")
class BlobCrashIT {
  /** A kill leaves what the system holds in memory; only the order shows what a power cut would. */
  private static final Set<String> DURABILITY =
      Set.of("FileChannel.force", "Files.createLink", "Uploads.complete");

  private static final Random RANDOM = new Random(11);
  private static CrashingRegistry registry;
  private static String keptManifest;

  /** A repository that is there already, and content that is not. */
  private String repository;

  private byte[] content;

  /** What a restart shows of a push that got no answer. */
  enum Shown {
    /** No blob; the session waits for its first byte. */
    NOTHING,
    /** No blob; the session goes on from where its row stands. */
    SESSION,
    /** No blob; the session's bytes had left it, and the push is begun again. */
    LOST_SESSION,
    /** The blob, whole. */
    BLOB
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    registry = new CrashingRegistry(folder);
    keptManifest = registry.client().pushImage("kept", "v1", "the layer of an older image");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    registry.close();
  }

  @BeforeEach
  void givenARepositoryAndOtherContent() throws IOException {
    registry.ensureRunning();
    repository = "r" + Integer.toHexString(RANDOM.nextInt());
    assertThat(registry.client().pushBlob(repository, utf8("other")).status()).isEqualTo(201);
    content = new byte[1_500_000];
    RANDOM.nextBytes(content);
  }

  @AfterEach
  void whatWasThereStaysAsItWas() throws SQLException, IOException {
    new StoredContent(registry.data()).assertSound();
    Client client = registry.client();
    assertThat(client.get("/v2/kept/manifests/v1").body()).isEqualTo(utf8(keptManifest));
    assertThat(client.get("/v2/kept/blobs/" + digest("the layer of an older image")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FIRST_CHUNK  | after BlobStore.begin 1     | NOTHING
          FIRST_CHUNK  | after FileChannel.write 2   | NOTHING
          FIRST_CHUNK  | after StagedBlob.append 1   | NOTHING
          FIRST_CHUNK  | after Uploads.begin 1       | SESSION
          SECOND_CHUNK | after BlobStore.resume 1    | SESSION
          SECOND_CHUNK | after FileChannel.write 2   | SESSION
          SECOND_CHUNK | after StagedBlob.append 1   | SESSION
          SECOND_CHUNK | after Uploads.advance 1     | SESSION
          FINISH       | after StagedBlob.append 1   | SESSION
          FINISH       | after StagedBlob.digest 1   | SESSION
          FINISH       | after FileChannel.force 1   | SESSION
          FINISH       | after Files.createLink 1       | LOST_SESSION
          FINISH       | after StagedBlob.commit 1   | LOST_SESSION
          FINISH       | after Update.execute 2      | LOST_SESSION
          FINISH       | after Uploads.complete 1    | BLOB
          """)
  void aPushInChunksThatDiesLeavesAllOrNothingAndGoesOn(
      ChunkedPush.Step during, String point, Shown shown) throws Exception {
    // Given
    ChunkedPush push = new ChunkedPush(repository, content);
    push.untilTheServerDies(registry, during, point);

    // When
    registry.startAgain();

    // Then
    assertBlob(push.blob(), shown == Shown.BLOB);
    assertSession(push, shown);

    // When
    ChunkedPush again = new ChunkedPush(repository, content);
    again.complete(registry.client());

    // Then
    assertBlob(again.blob(), true);
  }

  private void assertSession(ChunkedPush push, Shown shown) {
    Client client = registry.client();
    Response session = client.get(push.location());
    switch (shown) {
      case BLOB -> assertThat(session.error()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
      case LOST_SESSION -> {
        assertThat(push.finish(client, push.acknowledged()).error())
            .isEqualTo("BLOB_UPLOAD_UNKNOWN");
        assertThat(client.get(push.location()).status()).isEqualTo(404);
      }
      case SESSION -> {
        assertThat(session.status()).isEqualTo(204);
        String range = session.header("Range");
        int received = Integer.parseInt(range.substring(2)) + 1;
        assertThat(received).isBetween(push.acknowledged(), content.length);
        assertThat(push.finish(client, received).status()).isEqualTo(201);
        assertBlob(push.blob(), true);
      }
      case NOTHING -> {
        assertThat(session.status()).isEqualTo(204);
        assertThat(push.finish(client, 0).status()).isEqualTo(201);
        assertBlob(push.blob(), true);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          after FileChannel.write 2 | NOTHING
          after StagedBlob.commit 1 | NOTHING
          after Update.execute 2    | NOTHING
          after Blobs.add 1         | BLOB
          """)
  void aPushInOneRequestThatDiesLeavesAllOrNothing(String point, Shown shown) throws Exception {
    // Given
    registry.dieAt(point);
    assertThatExceptionOfType(NoAnswer.class)
        .isThrownBy(() -> registry.client().pushBlob(repository, content));

    // When
    registry.startAgain();

    // Then
    String blob = "/v2/" + repository + "/blobs/" + digest(content);
    assertBlob(blob, shown == Shown.BLOB);
    assertThat(registry.client().pushBlob(repository, content).status()).isEqualTo(201);
    assertBlob(blob, true);
  }

  @Test
  void bytesAreFlushedBeforeTheirNameAndTheirNameBeforeTheMetadata() throws IOException {
    // Given
    ChunkedPush push = new ChunkedPush(repository, content);
    registry.noteCalls();

    // When
    push.complete(registry.client());

    // Then
    assertThat(registry.calls())
        .filteredOn(DURABILITY::contains)
        .startsWith("FileChannel.force")
        .endsWith("Files.createLink", "FileChannel.force", "FileChannel.force", "Uploads.complete");
  }

  private void assertBlob(String path, boolean there) {
    Response blob = registry.client().get(path);
    if (there) {
      assertThat(blob.status()).isEqualTo(200);
      assertThat(blob.body()).isEqualTo(content);
    } else {
      assertThat(blob.error()).isEqualTo("BLOB_UNKNOWN");
    }
  }
}
