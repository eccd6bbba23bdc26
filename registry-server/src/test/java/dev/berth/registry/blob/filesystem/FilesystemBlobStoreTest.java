package dev.berth.registry.blob.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.BlobStoreContract;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemBlobStoreTest extends BlobStoreContract {
  @TempDir private Path folder;

  @Override
  protected BlobStore open() throws IOException {
    return new FilesystemBlobStore(folder, new RunningHashes());
  }

  @Test
  void blobsLieWhereDistributionKeepsThem() throws IOException {
    String hex = "ab" + "0".repeat(62);

    assertThat(open().locate(Digest.parse("sha256:" + hex)))
        .isEqualTo(folder.resolve("docker/registry/v2/blobs/sha256/ab/" + hex + "/data"));
  }

  @Test
  void anUploadsNameCannotLeaveTheFolder() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open().resume("../../etc/passwd", () -> 0));
  }
}
