package dev.berth.registry.adopt;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.metadata.Adoption.Blob;
import dev.berth.registry.metadata.Adoption.Image;
import dev.berth.registry.metadata.Adoption.Name;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.ManifestReader;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Follows the links of a volume to what they name. */
final class LinkReader {
  /** In bytes of JSON, which become about ten times as many while it is read. */
  private static final int HELD_BYTES =
      (int) Math.min(Runtime.getRuntime().maxMemory() / 32, Integer.MAX_VALUE);

  private final BlobStore store;
  private final MetadataStore metadata;
  private final ManifestReader reader;
  private final int manifestBytes;
  private final Semaphore held = new Semaphore(HELD_BYTES, true);

  LinkReader(BlobStore store, MetadataStore metadata, ManifestReader reader, int manifestBytes) {
    this.store = store;
    this.metadata = metadata;
    this.reader = reader;
    this.manifestBytes = manifestBytes;
  }

  Blob layer(LinkFile link) throws IOException, BrokenLinkException {
    Digest digest = named(link);
    return new Blob(digest, size(digest), link.at());
  }

  Image manifest(LinkFile link) throws IOException, BrokenLinkException {
    Digest digest = named(link);
    long size = size(digest);
    if (size > manifestBytes) {
      throw new BrokenLinkException(
          "names a manifest of "
              + size
              + " bytes, more than limits.manifestBytes; raise that and import again");
    }
    int share = (int) Math.min(size, HELD_BYTES);
    held.acquireUninterruptibly(share);
    try {
      return new Image(digest, size, parsed(digest, store.read(digest)), link.at());
    } finally {
      held.release(share);
    }
  }

  private Manifest parsed(Digest digest, byte[] content) throws BrokenLinkException {
    if (!Digest.of(digest.algorithm(), content).equals(digest)) {
      throw new BrokenLinkException(
          "names a manifest whose bytes have another digest: its file was damaged;"
              + " push the image again");
    }
    try {
      return reader.read(content);
    } catch (OciException e) {
      throw new BrokenLinkException(
          "names a manifest that cannot be served: "
              + e.getMessage()
              + "; push the image again with a client of today");
    }
  }

  Name tag(RepositoryName repository, LinkFile link, String name)
      throws IOException, BrokenLinkException {
    Digest digest = link.digest();
    Tag tag;
    try {
      tag = new Tag(name);
    } catch (OciException e) {
      throw new BrokenLinkException("is in a folder that no tag is called: " + e.getMessage());
    }
    if (metadata.manifests().find(repository, digest).isEmpty()) {
      throw new BrokenLinkException(
          "names " + digest + ", which is no manifest of this repository (any more)");
    }
    return new Name(tag, digest, link.at());
  }

  /** The folder is called by the digest too. */
  private static Digest named(LinkFile link) throws IOException, BrokenLinkException {
    Digest digest = link.digest();
    if (!link.path().endsWith(Path.of(digest.algorithm().label(), digest.hex(), "link"))) {
      throw new BrokenLinkException(
          "names " + digest + ", and its folder another digest: only one of the two is served");
    }
    return digest;
  }

  private long size(Digest digest) throws IOException, BrokenLinkException {
    Optional<BasicFileAttributes> data = DistributionFolder.attributes(store.locate(digest));
    if (data.isEmpty()) {
      throw new BrokenLinkException(
          "names "
              + digest
              + ", which is not stored (distribution's garbage collection leaves such links)");
    }
    if (!data.get().isRegularFile()) {
      throw new BrokenLinkException("names " + digest + ", whose content is no regular file");
    }
    return data.get().size();
  }
}
