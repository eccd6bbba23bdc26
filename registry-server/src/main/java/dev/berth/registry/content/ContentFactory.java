package dev.berth.registry.content;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.ManifestReader;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;

/** Makes the stores that the configuration names. */
@Factory
final class ContentFactory {

  @Bean(preDestroy = "close")
  @Singleton
  MetadataStore metadataStore(RegistryConfiguration configuration, Clock clock) {
    return SqlMetadataStore.sqlite(
        configuration.metadata().embedded().path(), clock, configuration.limits().nesting());
  }

  @Singleton
  BlobStore blobStore(RegistryConfiguration configuration) throws IOException {
    return new FilesystemBlobStore(
        configuration.storage().filesystem().path(), new RunningHashes());
  }

  @Singleton
  ManifestReader manifestReader(RegistryConfiguration configuration) {
    return new ManifestReader(configuration.limits().descriptors());
  }
}
