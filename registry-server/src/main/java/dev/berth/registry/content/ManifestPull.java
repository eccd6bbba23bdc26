package dev.berth.registry.content;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.metadata.Manifests.Stored;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Gives manifests out. The metadata is asked each time; only the bytes, which never change for a
 * digest, are remembered.
 */
@Singleton
public final class ManifestPull {
  private static final int CACHE_BYTES = 16 * 1024 * 1024;
  private static final int SMALL_BYTES = 128 * 1024;

  private final BlobStore store;
  private final MetadataStore metadata;
  private final PullTimes pullTimes;
  private final Cache<Digest, byte[]> cache =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .<Digest, byte[]>weigher((digest, bytes) -> bytes.length + digest.hex().length())
          .build();

  ManifestPull(BlobStore store, MetadataStore metadata, PullTimes pullTimes) {
    this.store = store;
    this.metadata = metadata;
    this.pullTimes = pullTimes;
  }

  /**
   * What is known of a manifest without its bytes.
   *
   * @throws OciException MANIFEST_UNKNOWN, NAME_UNKNOWN
   */
  public Stored find(RepositoryName name, Reference reference) {
    Stored stored =
        metadata.manifests().find(name, reference).orElseThrow(() -> missing(name, reference));
    pullTimes.pulled(name, reference, stored.digest());
    return stored;
  }

  private OciException missing(RepositoryName name, Reference reference) {
    if (metadata.find(name).isEmpty()) {
      return unknown(name);
    }
    return new OciException(
        ErrorCode.MANIFEST_UNKNOWN,
        metadata
            .manifests()
            .lost(name, reference)
            .map(digest -> lost("manifest", digest))
            .orElse("the repository has no manifest " + reference));
  }

  static String lost(String what, Digest digest) {
    return "the bytes of the "
        + what
        + " "
        + digest
        + " were found missing or damaged and are not given out; push the image again";
  }

  /** Whether the bytes may be held in memory; others are sent as blobs are. */
  public static boolean isSmall(Stored stored) {
    return stored.size() <= SMALL_BYTES;
  }

  /** The bytes of something small that was found, as they were pushed. */
  public byte[] bytes(Stored stored) throws IOException {
    byte[] cached = cache.getIfPresent(stored.digest());
    if (cached != null) {
      return cached;
    }
    byte[] read = store.read(stored.digest());
    cache.put(stored.digest(), read);
    return read;
  }

  static OciException unknown(RepositoryName name) {
    return new OciException(ErrorCode.NAME_UNKNOWN, "there is no repository " + name);
  }
}
