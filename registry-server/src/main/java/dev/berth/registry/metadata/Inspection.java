package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the rows say, for a comparison with what is stored. Nothing is changed. */
public interface Inspection {

  /** Whether content may be stored that another registry left, and that no row names yet. */
  boolean isAdopting();

  /** What the database finds wrong with its own file. */
  List<String> damage();

  /** Rows that name rows which are not there, counted by both tables. */
  List<Broken> broken();

  /** Content in the order of its digests' text. */
  List<Content> contents(@Nullable Digest after, int limit);

  Optional<Content> content(Digest digest);

  /**
   * Which images use the content, as {@code repository:tag} or {@code repository@digest}; the
   * repository alone where it holds the content and no image of it does.
   */
  List<String> users(Digest digest, int limit);

  /** Content that no row names and nothing is going to take away. */
  List<Digest> unnoted(int limit);

  /** Blobs of repositories that no manifest refers to and nothing is going to look at. */
  List<UnnotedLink> unnotedLinks(int limit);

  /** Counts that differ from what there is. */
  List<Miscount> miscounts();

  /**
   * Content that a row names.
   *
   * @param size in bytes
   * @param lost whether its bytes are known to be missing or damaged
   * @param erasing whether its file is about to be deleted
   */
  record Content(Digest digest, long size, boolean lost, boolean erasing) {}

  /** Rows of a table that name rows of another which are not there. */
  record Broken(String table, String named, long rows) {}

  /** A blob of a repository. */
  record UnnotedLink(String repository, Digest digest) {}

  /**
   * A count that is wrong, perhaps only in how it is spread.
   *
   * @param repository empty: of the whole registry
   * @param kept bytes as they were counted on the way
   * @param counted bytes as they are
   */
  record Miscount(String repository, long kept, long counted) {}
}
