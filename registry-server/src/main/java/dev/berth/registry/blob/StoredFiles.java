package dev.berth.registry.blob;

import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** All content that is stored, whether or not anything names it, and whether or not it is whole. */
public interface StoredFiles {

  /**
   * In the order of the digests' text. What comes or goes meanwhile may be missing.
   *
   * @throws java.io.UncheckedIOException also on the way, where a folder cannot be read
   */
  Iterator<StoredFile> list();

  Optional<StoredFile> find(Digest digest) throws IOException;

  /**
   * The bytes, which need not be those of the digest.
   *
   * @throws java.nio.file.NoSuchFileException where there are none
   */
  InputStream open(Digest digest) throws IOException;

  /**
   * Moves content aside, where no request finds it. It is kept.
   *
   * @return where it lies now, below the root of the store
   */
  String quarantine(Digest digest) throws IOException;

  /** What was moved aside. */
  Quarantine quarantined() throws IOException;

  /** Each of what {@link #quarantine} moved aside, what lies there longest first. */
  List<Aside> aside() throws IOException;

  /** Deletes it for good; no error where it is gone. */
  void discard(Aside aside) throws IOException;

  /** Whether CNCF distribution left repositories here, whose content no row need name yet. */
  boolean holdsForeignRepositories() throws IOException;

  /**
   * Content that is stored.
   *
   * @param size in bytes
   * @param changedAt when it got its name or its last byte
   */
  record StoredFile(Digest digest, long size, Instant changedAt) {}

  /**
   * Content that lies aside.
   *
   * @param path below the root of the store
   * @param size in bytes
   * @param since when it was moved there
   */
  record Aside(String path, long size, Instant since) {}

  /** What lies aside. */
  record Quarantine(long files, long bytes) {}
}
