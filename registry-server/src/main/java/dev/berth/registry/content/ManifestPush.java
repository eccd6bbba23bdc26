package dev.berth.registry.content;

import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.auth.RepositoryRules;
import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.FixedTagException;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.ManifestReader;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import dev.berth.registry.quota.Allowance;
import dev.berth.registry.quota.Quotas;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes manifests in, also before what they refer to. They come through a file, as blobs do:
 * however many are on their way, and however slowly, memory holds only so much of them at once.
 */
@Singleton
public final class ManifestPush {
  private static final int HELD_BYTES =
      (int) Math.min(Runtime.getRuntime().maxMemory() / 32, Integer.MAX_VALUE);

  private final BlobStore store;
  private final MetadataStore metadata;
  private final ManifestReader reader;
  private final PolicyInForce policy;
  private final ContentCommit commits;
  private final Quotas quotas;
  private final int maxBytes;

  /** In bytes of JSON, which become about ten times as many while it is read. */
  private final Semaphore held = new Semaphore(HELD_BYTES, true);

  ManifestPush(
      BlobStore store,
      MetadataStore metadata,
      ManifestReader reader,
      PolicyInForce policy,
      DigestLocks locks,
      Quotas quotas,
      RegistryConfiguration configuration) {
    this.store = store;
    this.metadata = metadata;
    this.reader = reader;
    this.policy = policy;
    this.commits = new ContentCommit(metadata, locks);
    this.quotas = quotas;
    this.maxBytes = configuration.limits().manifestBytes();
  }

  /**
   * What was stored.
   *
   * @param subject null where the manifest refers to none
   * @param missing what the manifest refers to and the repository does not hold
   */
  public record Pushed(Digest digest, @Nullable Digest subject, List<Manifest.Link> missing) {}

  /**
   * Stores a manifest and moves tags to it.
   *
   * @param reference a tag, or the digest that the body must have
   * @throws OciException MANIFEST_INVALID, DIGEST_INVALID; DENIED by the repository's rules
   */
  public Pushed push(
      RepositoryName name, Reference reference, Set<Tag> tags, String contentType, InputStream body)
      throws IOException {
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      try {
        long size = staged.append(body, maxBytes);
        quotas.of(name).requireManifest(size);
        int share = (int) Math.min(size, HELD_BYTES);
        held.acquireUninterruptibly(share);
        try {
          return push(name, reference, tags, reader.read(contentType, staged.read()), staged, size);
        } finally {
          held.release(share);
        }
      } finally {
        staged.discard();
      }
    }
  }

  /**
   * Lets a manifest come that is not too large, as far as is known before it does.
   *
   * @param size in bytes; below zero: it is not known yet
   * @throws OciException DENIED
   */
  public void requireSize(RepositoryName name, long size) {
    quotas.of(name).requireManifest(size);
  }

  private Pushed push(
      RepositoryName name,
      Reference reference,
      Set<Tag> tags,
      Manifest manifest,
      StagedBlob staged,
      long size)
      throws IOException {
    RepositoryRules rules = policy.rules(name);
    rules.requireAllowed(manifest);
    Digest digest = verifiedDigest(reference, staged);
    Set<Tag> moved = new LinkedHashSet<>(tags);
    if (reference instanceof Tag tag) {
      moved.add(tag);
    }
    List<Manifest.Link> missing =
        commits.carryOut(
            staged, digest, () -> store(name, digest, manifest, moved, staged, size, rules));
    return new Pushed(digest, manifest.subject(), missing);
  }

  private List<Manifest.Link> store(
      RepositoryName name,
      Digest digest,
      Manifest manifest,
      Set<Tag> tags,
      StagedBlob staged,
      long size,
      RepositoryRules rules)
      throws IOException {
    if (metadata.manifests().find(name, digest).isEmpty()) {
      staged.commit(digest);
    }
    Allowance allowance = quotas.of(name);
    try {
      return metadata
          .manifests()
          .put(
              metadata.open(name),
              digest,
              size,
              manifest,
              tags,
              rules::isImmutable,
              allowance.room());
    } catch (FixedTagException e) {
      metadata.collection().noteUnnamed(digest, size);
      throw rules.refusal(e.tag());
    } catch (Room.ExceededException e) {
      metadata.collection().noteUnnamed(digest, size);
      throw allowance.refusal(e);
    }
  }

  private static Digest verifiedDigest(Reference reference, StagedBlob staged) throws IOException {
    return switch (reference) {
      case Tag _ -> staged.digest(DigestAlgorithm.SHA256);
      case Digest expected -> {
        Digest actual = staged.digest(expected.algorithm());
        if (!actual.equals(expected)) {
          throw new OciException(
              ErrorCode.DIGEST_INVALID, "the manifest's digest is " + actual + ", not " + expected);
        }
        yield actual;
      }
    };
  }
}
