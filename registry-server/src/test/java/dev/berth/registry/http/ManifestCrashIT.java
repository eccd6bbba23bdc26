package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.registry.http.Client.NoAnswer;
import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server dies while it takes a manifest, or many images at once. */
@Tag("crash")
class ManifestCrashIT {
  private static final int CLIENTS = 4;
  private static final Random RANDOM = new Random(12);
  private static CrashingRegistry registry;

  private String repository;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    registry = new CrashingRegistry(folder);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @BeforeEach
  void givenARepository() throws IOException {
    registry.ensureRunning();
    repository = "r" + Integer.toHexString(RANDOM.nextInt());
  }

  @AfterEach
  void whatTheMetadataNamesIsThere() throws SQLException, IOException {
    new StoredContent(registry.data()).assertSound();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          after StagedBlob.append 1 | old
          after Files.createLink 1  | old
          after StagedBlob.commit 1 | old
          after Update.execute 2    | old
          after Update.execute 5    | old
          after Manifests.put 1     | new
          """)
  void aTagNamesTheOldOrTheNewImageAndNeverAHalfOne(String point, String named) throws Exception {
    // Given
    String before = registry.client().pushImage(repository, "latest", "first " + repository);
    String layer = "second " + repository;
    registry.client().pushBlob(repository, utf8(layer));
    String after = imageAbout(layer, before);
    String path = "/v2/" + repository + "/manifests/";

    // When
    registry.dieAt(point);
    assertThatExceptionOfType(NoAnswer.class).isThrownBy(() -> pushLatest(after));
    registry.startAgain();

    // Then
    boolean moved = named.equals("new");
    Client client = registry.client();
    assertThat(client.get(path + "latest").body()).isEqualTo(utf8(moved ? after : before));
    assertThat(client.get(path + digest(after)).status()).isEqualTo(moved ? 200 : 404);
    assertThat(referrers(before)).isEqualTo(moved ? 1 : 0);

    // When
    assertThat(pushLatest(after).status()).isEqualTo(201);

    // Then
    assertThat(client.get(path + "latest").body()).isEqualTo(utf8(after));
    assertThat(client.get(path + digest(before)).body()).isEqualTo(utf8(before));
    assertThat(referrers(before)).isEqualTo(1);
  }

  @Test
  void imagesThatWereAnsweredAreWholeWheneverTheServerIsKilled() throws Exception {
    // Given
    Map<String, String> answered = new ConcurrentHashMap<>();

    // When
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        String pusher = "pusher" + i;
        clients.execute(() -> pushUntilNoAnswer(pusher, answered));
      }
      await().until(() -> answered.size() > 5 * CLIENTS);
      registry.kill();
    }
    registry.startAgain();

    // Then
    Client client = registry.client();
    answered.forEach(
        (tag, manifest) ->
            assertThat(client.get("/v2/" + repository + "/manifests/" + tag).body())
                .isEqualTo(utf8(manifest)));
    JsonNode tags = client.get("/v2/" + repository + "/tags/list").json().get("tags");
    assertThat(tags.size()).isBetween(answered.size(), answered.size() + CLIENTS);
    for (JsonNode tag : tags) {
      assertImage(tag.asText());
    }
  }

  private void pushUntilNoAnswer(String pusher, Map<String, String> answered) {
    try {
      for (int i = 0; ; i++) {
        String tag = pusher + "-" + i;
        String layer = tag + " ".repeat(100_000);
        registry.client().pushBlob(repository, utf8("{}"));
        registry.client().pushBlob(repository, utf8(layer));
        String manifest = Client.imageOf(layer);
        if (registry
                .client()
                .pushManifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest)
                .status()
            == 201) {
          answered.put(tag, manifest);
        }
      }
    } catch (NoAnswer e) {
      // The server is dead, as was wanted.
    }
  }

  private void assertImage(String tag) {
    Client client = registry.client();
    JsonNode manifest = client.get("/v2/" + repository + "/manifests/" + tag).json();
    String layer = manifest.at("/layers/0/digest").asText();
    assertThat(digest(client.get("/v2/" + repository + "/blobs/" + layer).body())).isEqualTo(layer);
  }

  private Response pushLatest(String manifest) {
    return registry.client().pushManifest(repository, "latest", MediaTypes.OCI_MANIFEST, manifest);
  }

  private int referrers(String manifest) {
    return registry
        .client()
        .get("/v2/" + repository + "/referrers/" + digest(manifest))
        .json()
        .get("manifests")
        .size();
  }

  private static String imageAbout(String layer, String subject) {
    return Client.imageOf(layer)
        .replaceFirst(
            "\\{", "{\"subject\":" + Client.descriptor(MediaTypes.OCI_MANIFEST, subject) + ",");
  }
}
