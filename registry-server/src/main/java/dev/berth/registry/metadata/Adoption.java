package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CNCF distribution left on the volume, as it is taken over: a queue of repositories that
 * outlives the process. What is here already stays as it is, what was removed lately stays removed,
 * and no tag moves.
 */
public interface Adoption {

  /** How things stand. */
  State state();

  /** There is nothing to take over, and nobody need look again. */
  void decline();

  /**
   * Begins; goes on with what did not come to its end.
   *
   * @param everything also links that an earlier adoption has seen
   */
  void begin(boolean everything);

  /** Puts repositories into the queue that are not in it. */
  void found(List<RepositoryName> names);

  /** Those that are to be seen yet, in the order of their names. */
  List<Pending> pending(String after, int limit);

  /** Forgets what was skipped of a repository; null: of what belongs to none. */
  void forgetProblems(@Nullable RepositoryName repository);

  /** Whether a link was skipped. */
  boolean isProblem(String path);

  /** Takes over a part of a repository, and notes what was skipped, in one transaction. */
  void add(RepositoryName repository, Part part);

  /** Notes what was skipped and belongs to no repository. */
  void skip(List<Problem> problems);

  /** The repository is seen to its end. */
  void seen(RepositoryName repository);

  /** All are. */
  void end();

  /**
   * How far it is.
   *
   * @param problems how many of them are wanted
   */
  Progress progress(int problems);

  /** How things stand. */
  enum State {
    /** Nobody has looked yet whether there is something. */
    UNDECIDED,
    NONE,
    RUNNING,
    DONE
  }

  /**
   * A repository of the queue.
   *
   * @param seenAt when the last adoption began that came to its end; null: none has
   * @param problems whether something of it was skipped
   */
  record Pending(RepositoryName name, @Nullable Instant seenAt, boolean problems) {}

  /**
   * Some of what a repository holds. The bytes are stored.
   *
   * @param mended paths of links that were skipped before and are not any more
   */
  record Part(List<Found> found, List<Problem> problems, List<String> mended) {

    /** What there is of one kind. */
    public <T extends Found> List<T> found(Class<T> kind) {
      return found.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  /** What can be taken over. */
  sealed interface Found {}

  /** A blob that the repository links. */
  record Blob(Digest digest, long size, Instant linkedAt) implements Found {}

  /** A manifest of the repository. */
  record Image(Digest digest, long size, Manifest manifest, Instant pushedAt) implements Found {}

  /** A tag, and what it names: nothing is added where the repository has no such manifest. */
  record Name(Tag tag, Digest digest, Instant pushedAt) implements Found {}

  /**
   * What cannot be taken over.
   *
   * @param path below the folder of distribution's registry
   */
  record Problem(String path, String reason) {}

  /**
   * How far it is.
   *
   * @param manifests that were taken over, as all that follow
   * @param skipped of all kinds
   */
  record Progress(
      State state,
      long repositories,
      long repositoriesDone,
      long manifests,
      long tags,
      long blobs,
      long skipped,
      List<Problem> problems) {

    /** For people. */
    public String summary() {
      return "%d of %d repositories, %d tags, %d manifests, %d blobs, %d skipped"
          .formatted(repositoriesDone, repositories, tags, manifests, blobs, skipped);
    }
  }
}
