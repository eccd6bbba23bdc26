package dev.berth.registry.cli;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.policy.Action;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.RepositoryName;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What no client asked for is on the record as well, with its reason. */
final class RemovalsAuditIT {
  private static final RepositoryName APP = new RepositoryName("team-a/app");
  private static final Digest BLOB = Digest.of(DigestAlgorithm.SHA256, new byte[] {1});

  @TempDir Path folder;

  private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
  private final Logger auditLog = (Logger) LoggerFactory.getLogger("dev.berth.audit");
  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private MetadataStore metadata;

  @BeforeEach
  void givenARepositoryWithABlob() throws Exception {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));
    registry.start(clock);
    audit.start();
    auditLog.setLevel(Level.INFO);
    auditLog.addAppender(audit);
    metadata = registry.server().context().getBean(MetadataStore.class);
    metadata.blobs().add(metadata.open(APP), BLOB, 1);
  }

  @AfterEach
  void stop() {
    auditLog.detachAppender(audit);
    registry.close();
  }

  @Test
  void theCollectorSaysWhatItRemovesAndErasesAndWhy() {
    // When
    for (int i = 0; i < 2; i++) {
      clock.move(Duration.ofHours(25));
      registry.server().context().getBean(GarbageCollector.class).run();
    }

    // Then
    assertThat(lines())
        .satisfiesExactly(
            removed ->
                assertThat(removed)
                    .containsEntry("kind", "System")
                    .containsEntry("name", "garbage-collection")
                    .containsEntry("action", "remove blob")
                    .containsEntry("repository", "team-a/app")
                    .containsEntry("reference", BLOB.toString())
                    .containsEntry("reason", "nothing referred to it for longer than its grace"),
            erased ->
                assertThat(erased)
                    .containsEntry("action", "erase")
                    .containsEntry("reference", BLOB.toString())
                    .containsEntry("reason", "no repository holds it any more"));
  }

  @Test
  void whatTheManagementPortDeletesAndRestoresIsSaid() throws Exception {
    // When
    post("/v1/repositories/delete", "{\"path\":\"team-a/**\"}");
    post(
        "/v1/removed/restore",
        "{\"repository\":\"team-a/app\",\"reference\":\"%s\"}".formatted(BLOB));

    // Then
    assertThat(lines())
        .satisfiesExactly(
            deleted ->
                assertThat(deleted)
                    .containsEntry("name", "management")
                    .containsEntry("action", "delete repository")
                    .containsEntry("repository", "team-a/app"),
            restored ->
                assertThat(restored)
                    .containsEntry("action", "restore")
                    .containsEntry("repository", "team-a/app")
                    .containsEntry("reference", BLOB.toString()));
  }

  private void post(String path, String body) throws Exception {
    try (HttpClient client = registry.client()) {
      assertThat(
              TestRegistry.send(
                      client,
                      registry
                          .management(path)
                          .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN)
                          .header("Content-Type", "application/json")
                          .POST(BodyPublishers.ofString(body)))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private List<Map<String, String>> lines() {
    return audit.list.stream()
        .map(
            line ->
                line.getKeyValuePairs().stream()
                    .collect(toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
        .toList();
  }
}
