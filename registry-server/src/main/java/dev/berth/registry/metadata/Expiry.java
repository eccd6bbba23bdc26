package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What retention reads, removes and remembers. */
public interface Expiry {

  /**
   * Tells all that a repository holds: first tags, then manifests, then what indexes list. What
   * comes meanwhile may be missing from the first ones, and is looked at again where it would go.
   */
  void read(RepositoryName name, Reader reader);

  /** Bytes that nothing but these manifests of a repository refers to, here or elsewhere. */
  long freedBytes(RepositoryName name, Predicate<Digest> leaving);

  /**
   * Removes, in one transaction, what is still as it was read: not moved, pushed or pulled since,
   * and a manifest neither tagged nor listed nor referring to a subject that is there. It can be
   * restored for a while.
   *
   * @param since nothing of it was pulled after this
   * @return those that were removed
   */
  List<Expired> remove(RepositoryName name, List<Expired> expired, Instant since);

  /** What was remembered of an entry of the policy document. */
  Optional<String> state(String entry);

  void remember(String entry, String state);

  /** Forgets all entries but these. */
  void forgetAllBut(Set<String> entries);

  /** Is told what a repository holds. */
  interface Reader {
    void tag(String name, Digest digest, Instant pushedAt, @Nullable Instant pulledAt);

    void manifest(
        Digest digest,
        Instant pushedAt,
        @Nullable Instant pulledAt,
        @Nullable Instant unreferencedAt,
        @Nullable Digest subject);

    void child(Digest index, Digest child);
  }

  /**
   * A tag that goes, or a manifest without one.
   *
   * @param digest that the tag names, or that is the manifest's
   * @param pushedAt as it was read
   * @param reason for undo and its list
   */
  record Expired(Reference reference, Digest digest, Instant pushedAt, String reason) {}
}
