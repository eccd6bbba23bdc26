package dev.berth.registry.adopt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/**
 * A file called {@code link}, which holds a digest.
 *
 * @param at when it was written
 */
record LinkFile(Path path, Instant at) {
  /** More than the longest digest. */
  private static final int MOST_BYTES = 256;

  /** Looks for one in a folder. Empty: it was deleted, and distribution leaves the folder. */
  static Optional<LinkFile> in(Path folder) throws IOException, BrokenLinkException {
    Path path = folder.resolve("link");
    Optional<BasicFileAttributes> attributes = DistributionFolder.attributes(path);
    if (attributes.isEmpty()) {
      return Optional.empty();
    }
    if (attributes.get().isSymbolicLink()) {
      throw new BrokenLinkException(BrokenLinkException.SYMBOLIC);
    }
    if (!attributes.get().isRegularFile()) {
      throw new BrokenLinkException("is no file");
    }
    return Optional.of(new LinkFile(path, attributes.get().lastModifiedTime().toInstant()));
  }

  Digest digest() throws IOException, BrokenLinkException {
    byte[] content;
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      content = in.readNBytes(MOST_BYTES);
    }
    if (content.length == 0) {
      throw new BrokenLinkException(
          "is empty: the disk was full, or the machine ended, when it was written");
    }
    try {
      return Digest.parse(new String(content, ISO_8859_1).strip());
    } catch (OciException e) {
      throw new BrokenLinkException("does not hold a digest: " + e.getMessage());
    }
  }
}
