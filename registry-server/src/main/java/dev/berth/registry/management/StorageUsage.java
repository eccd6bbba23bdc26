package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.berth.registry.metadata.RepositoryCatalog;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is stored, and how much more the volume takes.
 *
 * @param availableBytes what the server may still write; null: the file system does not tell
 * @param capacityBytes of the whole volume; null: the file system does not tell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StorageUsage(
    @JsonUnwrapped RepositoryCatalog.Usage stored,
    @Nullable Long availableBytes,
    @Nullable Long capacityBytes) {

  static StorageUsage of(RepositoryCatalog.Usage stored, Path folder) {
    try {
      FileStore volume = Files.getFileStore(folder);
      return new StorageUsage(stored, volume.getUsableSpace(), volume.getTotalSpace());
    } catch (IOException e) {
      return new StorageUsage(stored, null, null);
    }
  }
}
