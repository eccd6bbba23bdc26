package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Images that somebody uses while they are collected, or that turn out to be used after that. */
class LateUseIT {
  private static final RepositoryName APP = new RepositoryName("app");
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration UNDO = Duration.ofHours(12);
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** More than one transaction looks at. */
  private static final int MANY = 101;

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;
  private long sequence;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(folder, clock, GRACE, UNDO);
    client = new Client(registry.uri());
    runs();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void whatAPodTurnsOutToRunComesBackInsteadOfGoingForGood() {
    // Given
    String image = client.pushImage("app", "latest", "its layer");
    client.pushImage("app", "latest", "newer");
    clock.move(GRACE);
    collect();
    assertThat(isThere(image)).isFalse();

    // When: its layer is removed by then too
    runs(digest(image));
    clock.move(GRACE);
    collect();

    // Then
    assertThat(client.get("/v2/app/manifests/" + digest(image)).body()).isEqualTo(utf8(image));
    assertThat(client.get("/v2/app/blobs/" + digest("its layer")).body())
        .isEqualTo(utf8("its layer"));
    assertThat(metadata().usage().logicalBytes())
        .isEqualTo(StoredContent.heldBytes(folder.resolve("data")));

    // When: it runs no more
    runs();
    clock.move(GRACE.plus(Duration.ofMinutes(1)));
    collect();

    // Then
    assertThat(isThere(image)).isFalse();
  }

  @Test
  void anIndexComesBackWithThePartThatRuns() {
    // Given
    String child = client.pushImage("app", "latest", "of one platform");
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}"""
            .formatted(INDEX, Client.descriptor(IMAGE, child));
    client.pushManifest("app", "latest", INDEX, index);
    client.pushImage("app", "latest", "newer");
    clock.move(GRACE);
    collect();
    assertThat(isThere(index)).isFalse();

    // When
    runs(digest(child));
    clock.move(UNDO);
    collect();

    // Then
    assertThat(client.get("/v2/app/manifests/" + digest(index)).body()).isEqualTo(utf8(index));
    assertThat(client.get("/v2/app/manifests/" + digest(child)).body()).isEqualTo(utf8(child));
  }

  /** Of an image that lost its name on the node, the runtime knows the configuration alone. */
  @Test
  void anImageStaysWhoseConfigurationIsWhatRuns() {
    // Given
    String config = "{\"os\":\"linux\"}";
    client.pushBlob("app", utf8(config));
    String image =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[]}"""
            .formatted(
                IMAGE, Client.descriptor("application/vnd.oci.image.config.v1+json", config));
    client.pushManifest("app", "latest", IMAGE, image);
    client.pushImage("app", "latest", "newer");

    // When
    runs(digest(config));
    clock.move(GRACE);
    collect();

    // Then
    assertThat(isThere(image)).isTrue();
  }

  @Test
  void whatSomebodyDeletedDoesNotComeBackByItself() {
    // Given
    String image = client.pushImage("app", "v1", "a secret");
    assertThat(client.delete("/v2/app/manifests/" + digest(image)).status()).isEqualTo(202);
    String other = client.pushImage("other", "v1", "another secret");
    metadata().delete(new RepositoryName("other"));

    // When
    runs(digest(image), digest(other));
    clock.move(UNDO);
    collect();

    // Then
    assertThat(isThere(image)).isFalse();
    assertThat(metadata().find(new RepositoryName("other"))).isEmpty();
    assertThat(metadata().removed().list(null, "", 10))
        .noneMatch(entry -> entry.digest().equals(Digest.parse(digest(other))));
  }

  @Test
  void whatIsPulledWhileARunGoesOnStays() {
    // Given
    for (int i = 0; i <= MANY; i++) {
      client.pushManifest("app", "latest", IMAGE, Client.imageOf("layer " + i));
      clock.move(Duration.ofSeconds(1));
    }
    String last = Client.imageOf("layer " + (MANY - 1));
    clock.move(GRACE);

    // When
    whenSomethingIsRemoved(
        () -> assertThat(client.get("/v2/app/manifests/" + digest(last)).status()).isEqualTo(200),
        this::collect);

    // Then
    assertThat(isThere(Client.imageOf("layer 0"))).isFalse();
    assertThat(isThere(last)).isTrue();
  }

  @Test
  void aLayerIsPulledAlsoWhereNothingCanBeWrittenWhileItWaitsForALook() throws Exception {
    // Given: one of the images with the layer went, and it is half its grace ago
    String gone = client.pushImage("app", "v1", "shared layer");
    client.delete("/v2/app/manifests/" + digest(gone));
    client.pushManifest("app", "v1", IMAGE, gone);
    clock.move(GRACE.dividedBy(2));

    // When
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/berth.db"))) {
      database
          .createStatement()
          .executeUpdate(
              "create trigger full before update on repository_blobs"
                  + " begin select raise(fail, 'no space left'); end");
    }

    // Then
    assertThat(client.get("/v2/app/blobs/" + digest("shared layer")).status()).isEqualTo(200);
  }

  /** A run says what it removed once a transaction is through, and before the next. */
  private static void whenSomethingIsRemoved(Runnable then, Runnable during) {
    AppenderBase<ILoggingEvent> watcher =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (String.valueOf(event.getKeyValuePairs()).contains("remove manifest")) {
              then.run();
            }
          }
        };
    watcher.start();
    Logger audit = (Logger) LoggerFactory.getLogger("dev.berth.audit");
    Level before = audit.getLevel();
    audit.setLevel(Level.INFO);
    audit.addAppender(watcher);
    try {
      during.run();
    } finally {
      audit.detachAppender(watcher);
      audit.setLevel(before);
    }
  }

  /** A client that looks would be a pull. */
  private boolean isThere(String manifest) {
    return metadata().manifests().find(APP, Digest.parse(digest(manifest))).isPresent();
  }

  private void runs(String... digests) {
    registry.offer(++sequence, SpaceRules.NONE.withRunning(new TreeSet<>(List.of(digests))));
  }

  private void collect() {
    registry.bean(GarbageCollector.class).run();
  }

  private MetadataStore metadata() {
    return registry.bean(MetadataStore.class);
  }
}
