package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.Retention.Keep;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.retention.run.RetentionReports;
import dev.berth.registry.retention.run.RetentionReports.Report;
import dev.berth.registry.retention.run.RetentionRuns;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One large repository: 100,000 manifests with ten layers each where {@code -Dscale=true} asks for
 * the figures.
 */
class RetentionScaleIT {
  private static final boolean SCALE = Boolean.getBoolean("scale");
  private static final int MANIFESTS = SCALE ? 100_000 : 400;
  private static final int LAYERS = 10;
  private static final long SIZE = 1000;
  private static final RepositoryName NAME = new RepositoryName("large");

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();

  @Test
  void aLargeRepositoryIsLookedThroughAndThinnedOut() throws Exception {
    // Given
    String key;
    try (TestRegistry registry = start()) {
      key = registry.bean(MetadataStore.class).open(NAME).key();
    }
    fill(key);
    try (TestRegistry registry = start()) {
      RetentionRuns runs = registry.bean(RetentionRuns.class);
      rules(registry, false, 1);
      long began = System.nanoTime();

      // When
      runs.run();
      long preview = System.nanoTime() - began;
      Report previewed = report(registry);
      rules(registry, true, 2);
      began = System.nanoTime();
      long live;
      try (LiveHeap heap = new LiveHeap()) {
        runs.run();
        live = heap.most();
      }
      long run = System.nanoTime() - began;

      // Then
      RetentionReports.Preview shown = Objects.requireNonNull(previewed.preview());
      assertThat(shown.expiringTags()).isEqualTo(MANIFESTS / 2);
      assertThat(shown.expiringBytes()).isEqualTo(MANIFESTS / 2 * SIZE * (1 + LAYERS));
      assertThat(report(registry).deletedTags()).isEqualTo(MANIFESTS / 2);
      assertThat(registry.bean(MetadataStore.class).usage().tags()).isEqualTo(MANIFESTS / 2);
      if (SCALE) {
        System.out.printf(
            "%d manifests, %d links: preview %.1f s, run %.1f s for %d tags, %d MiB of live heap more at most%n",
            MANIFESTS, MANIFESTS * LAYERS, preview / 1e9, run / 1e9, MANIFESTS / 2, live >> 20);
        assertThat(Duration.ofNanos(run)).isLessThan(Duration.ofSeconds(60));
        assertThat(live).isLessThan(100L << 20);
      }
    }
  }

  private TestRegistry start() {
    return TestRegistry.start(folder, clock, Duration.ofHours(24), Duration.ofHours(24));
  }

  private static Report report(TestRegistry registry) {
    return registry.bean(RetentionReports.class).of("").orElseThrow();
  }

  /** What is reachable while something runs, above what was before, looked at now and then. */
  private static final class LiveHeap implements AutoCloseable {
    private final AtomicLong most = new AtomicLong();
    private final long before = used();
    private final Thread watch =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (SCALE && !Thread.currentThread().isInterrupted()) {
                    most.accumulateAndGet(used() - before, Math::max);
                    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
                  }
                });

    private static long used() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    long most() {
      return most.get();
    }

    @Override
    public void close() {
      watch.interrupt();
    }
  }

  private void rules(TestRegistry registry, boolean enforce, long sequence) {
    Retention retention =
        new Retention(
            List.of(new Keep(List.of("v*"), null, Duration.ofDays(30).toMillis(), false)),
            List.of(new Expire(List.of("pr-*"), false, Duration.ofDays(7).toMillis())),
            "0 3 * * *",
            enforce,
            "100%",
            null,
            enforce ? "now" : null);
    registry.offer(
        sequence, new SpaceRules(null, null, retention, Collections.emptySortedSet(), null));
  }

  private void fill(String repository) throws SQLException {
    long pushed = clock.instant().minus(Duration.ofDays(9)).toEpochMilli();
    try (Rows rows = new Rows(folder.resolve("data"), repository, pushed)) {
      for (int i = 0; i < MANIFESTS; i++) {
        String manifest = digest("manifest " + i);
        rows.manifest(manifest, SIZE);
        for (int j = 0; j < LAYERS; j++) {
          rows.layer(manifest, digest("layer " + i + " " + j), SIZE);
        }
        rows.tag((i % 2 == 0 ? "pr-" : "v") + i, manifest);
      }
      rows.commit();
    }
  }

  private static String digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
