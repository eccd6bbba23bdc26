package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.policy.Creation;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disk and database fail while garbage is collected: nothing is lost, and the next run goes on. */
class CollectionFaultIT {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration UNDO = Duration.ofHours(12);

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;
  private String kept;

  @BeforeEach
  void givenAnImageThatStaysAndOneThatGoes() {
    registry = TestRegistry.start(folder, clock, GRACE, UNDO);
    client = new Client(registry.uri());
    registry
        .bean(PolicyInForce.class)
        .offer(
            PolicyDocumentFormat.document(
                new PolicyDocument.Content(
                    true, Creation.ON_PUSH, List.of(), List.of(), List.of(), null, List.of(), null),
                1));
    kept = client.pushImage("app", "v2", "kept layer");
    client.pushImage("app", "v1", "layer that goes");
    client.delete("/v2/app/manifests/v1");
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update of removed_at on manifests",
        "insert on repository_usage",
        "update of removed_at on repository_blobs",
        "delete on manifests",
        "delete on repository_blobs",
        "update of erasing on blobs",
        "delete on blobs",
      })
  void aDatabaseThatFailsAtAnyStatementLosesNothingAndTheNextRunGoesOn(String statement)
      throws IOException, SQLException {
    // Given
    sql(
        "create trigger broken before "
            + statement
            + " begin select raise(abort, 'disk I/O error'); end");

    // When
    assertThatThrownBy(this::collectAllThatIsDue).hasMessageContaining("disk I/O error");

    // Then
    assertKeptIsWhole();
    assertThat(metadata().inspection().miscounts()).isEmpty();

    // When
    sql("drop trigger broken");
    collectAllThatIsDue();

    // Then
    assertGone();
  }

  @Test
  void aFileThatCannotBeDeletedIsTriedAgainAndKeepsNoOtherFromGoing() throws IOException {
    // Given
    Path stubborn = file("layer that goes");
    Files.delete(stubborn);
    Files.createDirectories(stubborn.resolve("in the way"));

    // When
    collectAllThatIsDue();

    // Then
    assertThat(stubborn).exists();
    assertThat(file(Client.imageOf("layer that goes"))).doesNotExist();
    assertThat(metadata().collection().unnamed(9))
        .containsExactly(Digest.parse(digest("layer that goes")));
    assertKeptIsWhole();

    // When
    Files.delete(stubborn.resolve("in the way"));
    collect();

    // Then
    assertGone();
  }

  @Test
  void whatAFileSystemPutsBesideAFileDoesNotKeepItsSpace() throws IOException {
    // Given
    Files.writeString(file("layer that goes").resolveSibling(".nfs0001"), "");

    // When
    collectAllThatIsDue();

    // Then
    assertThat(metadata().collection().unnamed(9)).isEmpty();
    assertThat(file("layer that goes")).doesNotExist();
  }

  @Test
  void aPushOfWhatCouldNotBeDeletedBringsItBack() throws IOException {
    // Given
    Path stubborn = file("layer that goes");
    Files.delete(stubborn);
    Files.createDirectories(stubborn.resolve("in the way"));
    collectAllThatIsDue();
    Files.delete(stubborn.resolve("in the way"));
    Files.delete(stubborn);

    // When
    client.pushImage("app", "v1", "layer that goes");
    collectAllThatIsDue();

    // Then
    assertThat(client.get("/v2/app/blobs/" + digest("layer that goes")).body())
        .isEqualTo(utf8("layer that goes"));
    assertThat(metadata().inspection().miscounts()).isEmpty();
  }

  private void collectAllThatIsDue() {
    for (Duration time : List.of(GRACE, GRACE, UNDO)) {
      clock.move(time.plusMinutes(1));
      collect();
    }
  }

  private void collect() {
    registry.bean(GarbageCollector.class).run();
  }

  private MetadataStore metadata() {
    return registry.bean(MetadataStore.class);
  }

  private void assertKeptIsWhole() {
    assertThat(client.get("/v2/app/manifests/v2").body()).isEqualTo(utf8(kept));
    assertThat(client.get("/v2/app/blobs/" + digest("kept layer")).body())
        .isEqualTo(utf8("kept layer"));
  }

  private void assertGone() {
    assertThat(file("layer that goes")).doesNotExist();
    assertThat(file(Client.imageOf("layer that goes"))).doesNotExist();
    assertThat(metadata().collection().unnamed(9)).isEmpty();
    assertThat(metadata().inspection().miscounts()).isEmpty();
    assertThat(metadata().usage().manifests()).isEqualTo(1);
    assertKeptIsWhole();
  }

  private void sql(String statement) throws SQLException {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/berth.db"))) {
      database.createStatement().executeUpdate(statement);
    }
  }

  private Path file(String content) {
    String hex = digest(content).substring("sha256:".length());
    return folder
        .resolve("data/docker/registry/v2/blobs/sha256")
        .resolve(hex.substring(0, 2))
        .resolve(hex)
        .resolve("data");
  }
}
