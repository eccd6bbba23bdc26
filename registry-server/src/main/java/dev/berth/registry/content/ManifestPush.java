package dev.berth.registry.content;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.ManifestReader;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes manifests in, once everything they refer to is there. */
@Singleton
public final class ManifestPush {
  private final BlobStore store;
  private final MetadataStore metadata;
  private final ManifestReader reader;

  ManifestPush(BlobStore store, MetadataStore metadata, ManifestReader reader) {
    this.store = store;
    this.metadata = metadata;
    this.reader = reader;
  }

  /**
   * What was stored.
   *
   * @param subject null where the manifest refers to none
   */
  public record Pushed(Digest digest, @Nullable Digest subject) {}

  /**
   * Stores a manifest and moves tags to it.
   *
   * @param reference a tag, or the digest that the body must have
   * @throws OciException MANIFEST_INVALID, DIGEST_INVALID, MANIFEST_BLOB_UNKNOWN
   */
  public Pushed push(
      RepositoryName name, Reference reference, Set<Tag> tags, String contentType, byte[] body)
      throws IOException {
    Manifest manifest = reader.read(contentType, body);
    Digest digest = verifiedDigest(reference, body);
    refuse(metadata.manifests().missing(name, manifest));
    if (metadata.manifests().find(name, digest).isEmpty()) {
      store(digest, body);
    }
    Set<Tag> moved = new LinkedHashSet<>(tags);
    if (reference instanceof Tag tag) {
      moved.add(tag);
    }
    refuse(metadata.manifests().put(metadata.open(name), digest, body.length, manifest, moved));
    return new Pushed(digest, manifest.subject());
  }

  private static Digest verifiedDigest(Reference reference, byte[] body) {
    return switch (reference) {
      case Tag _ -> Digest.of(DigestAlgorithm.SHA256, body);
      case Digest expected -> {
        Digest actual = Digest.of(expected.algorithm(), body);
        if (!actual.equals(expected)) {
          throw new OciException(
              ErrorCode.DIGEST_INVALID, "the manifest's digest is " + actual + ", not " + expected);
        }
        yield actual;
      }
    };
  }

  private static void refuse(List<Manifest.Link> missing) {
    if (!missing.isEmpty()) {
      Manifest.Link first = missing.getFirst();
      String what = first.kind() == Manifest.Kind.MANIFEST ? "manifest " : "blob ";
      throw new OciException(
          ErrorCode.MANIFEST_BLOB_UNKNOWN,
          "the repository has no " + what + first.digest() + "; push it before the manifest");
    }
  }

  private void store(Digest digest, byte[] body) throws IOException {
    try (StagedBlob staged = store.begin(UUID.randomUUID().toString())) {
      try {
        staged.append(new ByteArrayInputStream(body), body.length);
        staged.commit(digest);
      } finally {
        staged.discard();
      }
    }
  }
}
