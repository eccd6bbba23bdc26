package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.SpaceRules;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.collect.GarbageCollector.Collected;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.RepositoryName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tags that are deleted one by one and collected while others pull: 10,000 where {@code
 * -Dscale=true} asks for the figures.
 */
class DeletionScaleIT {
  private static final boolean SCALE = Boolean.getBoolean("scale");
  private static final int TAGS = SCALE ? 10_000 : 120;
  private static final Duration BEFORE = SCALE ? Duration.ofSeconds(30) : Duration.ofSeconds(1);
  private static final int LAYER_BYTES = 4096;
  private static final RepositoryName MANY = new RepositoryName("many");

  private static final int PULLERS = 4;
  private static final Duration BETWEEN_PULLS = Duration.ofMillis(20);
  private static final String KEPT_LAYER = "a layer that stays ".repeat(5000);

  @TempDir private Path folder;

  @Test
  void manyTagsAreDeletedAndCollectedWhileOthersPull() throws Exception {
    // Given
    String key;
    try (TestRegistry registry = start()) {
      key = registry.bean(MetadataStore.class).open(MANY).key();
    }
    fill(key);
    try (TestRegistry registry = start();
        Client client = new Client(registry.uri())) {
      MetadataStore metadata = registry.bean(MetadataStore.class);
      metadata.mending().recount();
      registry.offer(1, SpaceRules.NONE);
      String kept = client.pushImage("kept", "v1", KEPT_LAYER);
      Pulls before = pullWhile(client, kept, () -> LockSupport.parkNanos(BEFORE.toNanos()));

      // When
      long[] took = new long[2];
      Pulls during =
          pullWhile(
              client,
              kept,
              () -> {
                took[0] = timed(() -> deleteAll(client));
                took[1] = timed(() -> collectAll(registry.bean(GarbageCollector.class)));
              });

      // Then
      assertThat(metadata.usage().tags()).isEqualTo(1);
      assertThat(metadata.usage().manifests()).isEqualTo(1);
      assertThat(new StoredContent(folder.resolve("data")).files())
          .containsExactlyInAnyOrder(digest(kept), digest("{}"), digest(KEPT_LAYER));
      System.out.printf(
          "%d tags: deleted in %.1f s, collected in %.1f s; pulls before: %s; meanwhile: %s; load %.1f%n",
          TAGS,
          took[0] / 1e9,
          took[1] / 1e9,
          before,
          during,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  private TestRegistry start() {
    return TestRegistry.start(folder, Clock.systemUTC(), Duration.ZERO, Duration.ZERO);
  }

  private static long timed(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return System.nanoTime() - began;
  }

  private static void deleteAll(Client client) {
    for (int i = 0; i < TAGS; i++) {
      assertThat(client.delete("/v2/many/manifests/t" + i).status()).isEqualTo(202);
    }
  }

  private static void collectAll(GarbageCollector collector) {
    Collected collected;
    do {
      collected = collector.run();
    } while (collected.removed() + collected.forgotten() + collected.erased() > 0);
  }

  /** How long each pull took, of a manifest and its blob. */
  private record Pulls(List<Long> nanos) {
    private double percentile(int percent) {
      return nanos.stream()
              .sorted()
              .skip((nanos.size() - 1L) * percent / 100)
              .findFirst()
              .orElse(0L)
          / 1e6;
    }

    @Override
    public String toString() {
      return "%d, p50 %.1f ms, p99 %.1f ms".formatted(nanos.size(), percentile(50), percentile(99));
    }
  }

  /** Some clients that pull now and then, as long as the work takes. */
  private static Pulls pullWhile(Client client, String kept, Runnable work) throws Exception {
    AtomicBoolean goesOn = new AtomicBoolean(true);
    List<Long> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Long>>> pullers =
          IntStream.range(0, PULLERS)
              .mapToObj(_ -> threads.submit(() -> pull(client, kept, goesOn)))
              .toList();
      try {
        work.run();
      } finally {
        goesOn.set(false);
      }
      for (Future<List<Long>> puller : pullers) {
        all.addAll(puller.get());
      }
    }
    assertThat(all).isNotEmpty();
    return new Pulls(all);
  }

  private static List<Long> pull(Client client, String kept, AtomicBoolean goesOn) {
    List<Long> took = new ArrayList<>();
    while (goesOn.get()) {
      long began = System.nanoTime();
      assertThat(client.get("/v2/kept/manifests/v1").body()).isEqualTo(utf8(kept));
      assertThat(client.get("/v2/kept/blobs/" + digest(KEPT_LAYER)).body())
          .hasSize(KEPT_LAYER.length());
      took.add(System.nanoTime() - began);
      LockSupport.parkNanos(BETWEEN_PULLS.toNanos());
    }
    return took;
  }

  private void fill(String repository) throws SQLException, IOException {
    try (Rows rows = new Rows(folder.resolve("data"), repository, System.currentTimeMillis())) {
      for (int i = 0; i < TAGS; i++) {
        String layer = store("layer %d ".formatted(i).repeat(LAYER_BYTES / 10));
        String content = "manifest %d of %s".formatted(i, layer);
        String manifest = store(content);
        rows.manifest(manifest, content.length());
        rows.layer(manifest, layer, size(layer));
        rows.tag("t" + i, manifest);
      }
      rows.commit();
    }
  }

  private String store(String content) throws IOException {
    String digest = digest(content);
    Files.createDirectories(file(digest).getParent());
    Files.writeString(file(digest), content);
    return digest;
  }

  private long size(String digest) throws IOException {
    return Files.size(file(digest));
  }

  private Path file(String digest) {
    String hex = digest.substring(digest.indexOf(':') + 1);
    return folder
        .resolve("data/docker/registry/v2/blobs/sha256")
        .resolve(hex.substring(0, 2))
        .resolve(hex)
        .resolve("data");
  }
}
