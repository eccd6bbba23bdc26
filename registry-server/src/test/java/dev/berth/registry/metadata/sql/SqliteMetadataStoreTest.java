package dev.berth.registry.metadata.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.MetadataStoreContract;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetadataStoreTest extends MetadataStoreContract {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

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
}
