package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.UploadsContract;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import org.junit.jupiter.api.io.TempDir;

class SqliteUploadsTest extends UploadsContract {
  @TempDir private Path folder;

  @Override
  protected MetadataStore open() {
    return SqlMetadataStore.sqlite(folder.resolve("berth.db"), Clock.fixed(NOW, ZoneOffset.UTC), 8);
  }
}
