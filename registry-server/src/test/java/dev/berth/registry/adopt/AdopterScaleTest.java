package dev.berth.registry.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.config.TestConfigurations;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.Adoption.Progress;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.ManifestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the adoption of a large volume costs: {@code -Dscale=true} makes it one of 100,000 links,
 * and prints it.
 */
class AdopterScaleTest {
  private static final int REPOSITORIES = Boolean.getBoolean("scale") ? 1_000 : 10;
  private static final int IMAGES = 10;
  private static final int LAYERS = 7;

  @TempDir private Path folder;

  @Test
  void aLargeVolumeIsTakenOverOnceAndLookedAtAgainFaster() throws IOException {
    // Given
    TestVolume volume = new TestVolume(folder.resolve("data"));
    for (int i = 0; i < REPOSITORIES; i++) {
      for (int image = 0; image < IMAGES; image++) {
        int first = 1000 * (i % 100) + LAYERS * image;
        String[] layers =
            IntStream.range(first, first + LAYERS)
                .mapToObj(n -> "layer " + n)
                .toArray(String[]::new);
        volume.tag("team/app-" + i, "v" + image, volume.image("team/app-" + i, layers));
      }
    }
    try (MetadataStore metadata =
        SqlMetadataStore.sqlite(folder.resolve("berth.db"), Clock.systemUTC(), 8)) {
      // When
      Duration first = adopt(metadata);
      Progress progress = metadata.adoption().progress(20);
      Duration second = adopt(metadata);

      // Then
      long images = (long) REPOSITORIES * IMAGES;
      assertThat(progress)
          .isEqualTo(
              new Progress(
                  Adoption.State.DONE,
                  REPOSITORIES,
                  REPOSITORIES,
                  images,
                  images,
                  images * (LAYERS + 1),
                  0,
                  List.of()));
      assertThat(metadata.adoption().progress(20)).isEqualTo(progress);
      if (Boolean.getBoolean("scale")) {
        System.out.printf(
            "%,d links: %.1f s, again %.1f s%n",
            images * (LAYERS + 3), first.toMillis() / 1000.0, second.toMillis() / 1000.0);
      }
    }
  }

  private Duration adopt(MetadataStore metadata) throws IOException {
    long began = System.nanoTime();
    metadata.adoption().begin(false);
    new Adopter(
            metadata,
            new FilesystemBlobStore(folder.resolve("data"), new RunningHashes()),
            new ManifestReader(100),
            TestConfigurations.over(folder.resolve("data")))
        .run(
            new Adopter.Watcher() {
              @Override
              public void skipped(Problem problem) {
                throw new AssertionError(problem);
              }

              @Override
              public void advanced() {}
            });
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
