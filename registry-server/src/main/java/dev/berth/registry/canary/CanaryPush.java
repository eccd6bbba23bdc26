package dev.berth.registry.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.policy.Canary;
import dev.berth.registry.content.BlobPush;
import dev.berth.registry.content.ManifestPush;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Brings the image into storage the way every push goes, so that what a node pulls comes from where
 * images come from. It is without a tag, which nothing that removes tags can take.
 */
@Singleton
public final class CanaryPush {
  private static final RepositoryName REPOSITORY = new RepositoryName(Canary.REPOSITORY);

  private final BlobPush blobs;
  private final ManifestPush manifests;
  private final CanaryImage image = new CanaryImage();

  CanaryPush(BlobPush blobs, ManifestPush manifests) {
    this.blobs = blobs;
    this.manifests = manifests;
  }

  /** Stores what of it is not there, and tells its digest. */
  public Digest push() throws IOException {
    for (Map.Entry<Digest, byte[]> blob : image.blobs().entrySet()) {
      blobs.whole(REPOSITORY, blob.getKey(), new ByteArrayInputStream(blob.getValue()));
    }
    for (Map.Entry<Digest, CanaryImage.Manifest> manifest : image.manifests().entrySet()) {
      manifests.push(
          REPOSITORY,
          manifest.getKey(),
          Set.of(),
          manifest.getValue().mediaType(),
          new ByteArrayInputStream(manifest.getValue().json().getBytes(UTF_8)));
    }
    return image.digest();
  }
}
