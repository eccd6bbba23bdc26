package dev.berth.registry.content;

import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.util.List;

/**
 * Stores content and has the metadata name it: both or neither. A file that no row came to name
 * would take space for ever, since nothing walks the storage to find it.
 */
final class ContentCommit {
  private final MetadataStore metadata;
  private final DigestLocks locks;

  ContentCommit(MetadataStore metadata, DigestLocks locks) {
    this.metadata = metadata;
    this.locks = locks;
  }

  /** Commits what is staged, and writes the rows that name it. */
  interface Step<T> {
    T run() throws IOException;
  }

  /** Carries the step out while nobody erases the content. */
  <T> T carryOut(StagedBlob staged, Digest digest, Step<T> step) throws IOException {
    try (DigestLocks.Held _ = locks.storing(digest)) {
      return step.run();
    } catch (IOException | RuntimeException e) {
      takeBack(staged, digest, e);
      throw e;
    }
  }

  /**
   * Another push may have named the content meanwhile, or a transaction be in force whose end was
   * not heard of: the rows say so. Where they cannot be asked, {@code ExpiredUploads} asks later.
   */
  private void takeBack(StagedBlob staged, Digest digest, Exception failure) {
    try (DigestLocks.Held _ = locks.erasing(List.of(digest))) {
      if (!metadata.collection().knows(digest)) {
        staged.withdraw();
      }
    } catch (IOException | RuntimeException e) {
      staged.leave();
      failure.addSuppressed(e);
    }
  }
}
