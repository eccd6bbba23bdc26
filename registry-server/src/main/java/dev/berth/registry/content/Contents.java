package dev.berth.registry.content;

import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.auth.RepositoryRules;
import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.Blobs.Held;
import dev.berth.registry.metadata.FixedTagException;
import dev.berth.registry.metadata.Manifests.Referrers;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a repository holds: listings, blobs to send, and deletes. */
@Singleton
public final class Contents {
  private final BlobStore store;
  private final MetadataStore metadata;
  private final PolicyInForce policy;
  private final Clock clock;
  private final Duration halfGrace;

  Contents(
      BlobStore store,
      MetadataStore metadata,
      PolicyInForce policy,
      Clock clock,
      RegistryConfiguration configuration) {
    this.store = store;
    this.metadata = metadata;
    this.policy = policy;
    this.clock = clock;
    this.halfGrace = configuration.garbageCollection().gracePeriod().dividedBy(2);
  }

  /**
   * The size of a blob that is pulled. Nothing is written, which must not keep anybody from it.
   *
   * @throws OciException BLOB_UNKNOWN, NAME_UNKNOWN
   */
  public long blobSize(RepositoryName name, Digest digest) {
    return blob(name, digest).size();
  }

  private Held blob(RepositoryName name, Digest digest) {
    return metadata.blobs().find(name, digest).orElseThrow(() -> unknownBlob(name, digest));
  }

  /**
   * The size of a blob. Whoever asks for it may refer to it soon: where nothing does yet, and half
   * of its grace is over, that begins anew.
   *
   * @throws OciException BLOB_UNKNOWN, NAME_UNKNOWN
   */
  public long askedForBlob(RepositoryName name, Digest digest) {
    Held held = blob(name, digest);
    Instant since = held.unreferencedAt();
    if (since != null
        && !since.plus(halfGrace).isAfter(clock.instant())
        && !metadata.blobs().keep(name, digest)) {
      throw unknownBlob(name, digest);
    }
    return held.size();
  }

  /** Where the bytes of a blob lie that the repository holds. */
  public Path blobFile(Digest digest) {
    return store.locate(digest);
  }

  /**
   * Takes a blob from this repository alone. Its bytes stay: other repositories may hold it.
   *
   * @throws OciException BLOB_UNKNOWN, NAME_UNKNOWN
   */
  public void deleteBlob(RepositoryName name, Digest digest) {
    if (!metadata.blobs().remove(name, digest)) {
      throw unknownBlob(name, digest);
    }
  }

  /**
   * Deletes a tag alone, or a manifest with its tags.
   *
   * @throws OciException MANIFEST_UNKNOWN, NAME_UNKNOWN; DENIED where an immutable tag would go
   */
  public void deleteManifest(RepositoryName name, Reference reference) {
    RepositoryRules rules = policy.rules(name);
    try {
      if (metadata.manifests().delete(name, reference, rules::isImmutable)) {
        return;
      }
    } catch (FixedTagException e) {
      throw rules.refusal(e.tag());
    }
    requireRepository(name);
    throw new OciException(
        ErrorCode.MANIFEST_UNKNOWN, "the repository has no manifest " + reference);
  }

  /**
   * A page of tags.
   *
   * @throws OciException NAME_UNKNOWN
   */
  public List<String> tags(RepositoryName name, @Nullable String after, int limit) {
    List<String> tags = metadata.manifests().tags(name, after, limit);
    if (tags.isEmpty()) {
      requireRepository(name);
    }
    return tags;
  }

  /** A page of the manifests that refer to a subject, which need not exist. */
  public Referrers referrers(
      RepositoryName name,
      Digest subject,
      @Nullable String artifactType,
      @Nullable String after,
      int limit) {
    return metadata.manifests().referrers(name, subject, artifactType, after, limit);
  }

  private OciException unknownBlob(RepositoryName name, Digest digest) {
    requireRepository(name);
    return new OciException(
        ErrorCode.BLOB_UNKNOWN,
        metadata.blobs().isLost(name, digest)
            ? ManifestPull.lost("blob", digest)
            : "the repository has no blob " + digest);
  }

  private void requireRepository(RepositoryName name) {
    if (metadata.find(name).isEmpty()) {
      throw ManifestPull.unknown(name);
    }
  }
}
