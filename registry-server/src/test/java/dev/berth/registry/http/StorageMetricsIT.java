package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.collect.CollectionRuns;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.observe.StorageMetrics;
import dev.berth.registry.oci.RepositoryName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics say of what is stored. */
class StorageMetricsIT {
  private static final long IMAGE = Client.imageOf("shared layer").length();

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;

  @BeforeEach
  void start(@TempDir Path folder) {
    registry = TestRegistry.start(folder, clock, Duration.ofHours(24), Duration.ofHours(24));
    client = new Client(registry.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void bytesOfTheRegistryAndOfEachRepositoryAreThoseThatAreThere() {
    // Given
    client.pushImage("app", "v1", "shared layer");
    client.pushImage("other", "v1", "shared layer");
    client.pushBlob("other", utf8("its own"));
    long image = 2 + "shared layer".length() + IMAGE;

    // When
    registry.bean(StorageMetrics.class).measureUnique();
    registry.bean(StorageMetrics.class).refresh();

    // Then
    assertThat(gauge("berth.storage.bytes", "kind", "logical")).isEqualTo(2 * image + 7);
    assertThat(gauge("berth.storage.bytes", "kind", "physical")).isEqualTo(image + 7);
    assertThat(gauge("berth.storage.bytes", "kind", "unique")).isEqualTo(image + 7);
    assertThat(gauge("berth.storage.objects", "kind", "tags")).isEqualTo(2);
    assertThat(gauge("berth.storage.objects", "kind", "manifests")).isEqualTo(2);
    assertThat(gauge("berth.repository.bytes", "repository", "other", "kind", "logical"))
        .isEqualTo(image + 7);
    assertThat(gauge("berth.repository.bytes", "repository", "other", "kind", "unique"))
        .isEqualTo(7);
    assertThat(gauge("berth.repository.bytes", "repository", "app", "kind", "unique")).isZero();
    assertThat(gauge("berth.repository.tags", "repository", "app")).isEqualTo(1);
    assertThat(gauge("berth.repository.manifests", "repository", "app")).isEqualTo(1);
  }

  @Test
  void whatIsRemovedIsQuarantinedUntilItIsCollectedAndThenCounted() {
    // Given
    String image = client.pushImage("app", "v1", "0123456789");
    client.delete("/v2/app/manifests/" + digest(image));

    // When
    refresh();

    // Then
    assertThat(gauge("berth.storage.bytes", "kind", "quarantined")).isEqualTo(image.length());
    assertThat(gauge("berth.storage.bytes", "kind", "unique")).isEqualTo(12);
    assertThat(gauge("berth.storage.bytes", "kind", "reclaimable")).isEqualTo(12 + image.length());

    // When
    for (int i = 0; i < 2; i++) {
      clock.move(Duration.ofHours(25));
      registry.bean(CollectionRuns.class).now();
    }
    long collectedAt = clock.instant().getEpochSecond();
    refresh();

    // Then
    assertThat(gauge("berth.storage.bytes", "kind", "physical")).isZero();
    assertThat(
            registry
                .bean(MeterRegistry.class)
                .get("berth.garbage.collected.bytes")
                .counter()
                .count())
        .isEqualTo(12 + image.length());
    assertThat(gauge("berth.garbage.collection.last.timestamp.seconds")).isEqualTo(collectedAt);
  }

  @Test
  void onlyTheLargestRepositoriesHaveSeriesOfTheirOwnAndThoseOfDeletedOnesEnd() {
    // Given
    for (int i = 0; i < StorageMetrics.MOST_REPOSITORIES + 5; i++) {
      client.pushBlob("small-" + i, utf8("x"));
    }
    client.pushBlob("large", utf8("x".repeat(100)));

    // When
    refresh();

    // Then
    assertThat(registry.bean(MeterRegistry.class).find("berth.repository.tags").gauges())
        .hasSize(StorageMetrics.MOST_REPOSITORIES);
    assertThat(gauge("berth.repository.bytes", "repository", "large", "kind", "logical"))
        .isEqualTo(100);

    // When
    registry.bean(MetadataStore.class).delete(new RepositoryName("large"));
    refresh();

    // Then
    assertThat(
            registry
                .bean(MeterRegistry.class)
                .find("berth.repository.tags")
                .tag("repository", "large")
                .gauge())
        .isNull();
  }

  private void refresh() {
    clock.move(Duration.ofSeconds(10));
    registry.bean(StorageMetrics.class).refresh();
  }

  private long gauge(String name, String... labels) {
    Gauge gauge = registry.bean(MeterRegistry.class).get(name).tags(labels).gauge();
    return (long) gauge.value();
  }
}
