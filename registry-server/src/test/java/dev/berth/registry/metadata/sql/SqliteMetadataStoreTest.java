package dev.berth.registry.metadata.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.MetadataStoreContract;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetadataStoreTest extends MetadataStoreContract {
  @TempDir private Path folder;

  @Override
  protected MetadataStore open() {
    return SqlMetadataStore.sqlite(
        folder.resolve("metadata/berth.db"), Clock.fixed(NOW, ZoneOffset.UTC), 8);
  }

  @Test
  void timesAreTheClocks() {
    try (MetadataStore store = open()) {
      assertThat(store.open(new RepositoryName("a")).createdAt()).isEqualTo(NOW);
    }
  }

  @Test
  void manyWritersAtOnceMakeOneRepository() throws Exception {
    Set<Repository> seen = new HashSet<>();
    try (MetadataStore store = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Repository> opened :
          IntStream.range(0, 50)
              .mapToObj(_ -> threads.submit(() -> store.open(new RepositoryName("a"))))
              .toList()) {
        seen.add(opened.get());
      }
    }

    assertThat(seen).hasSize(1);
  }
}
