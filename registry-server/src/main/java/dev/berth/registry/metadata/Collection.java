package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queue of what lost a reference. Every step takes some rows only, in a transaction of its own,
 * and looks again at what it is about to change.
 */
public interface Collection {

  /**
   * Removes manifests that nothing has referred to since, and lets go of those that something does
   * refer to.
   *
   * @param since a pull after this keeps a manifest as well
   * @param running digests that are in use elsewhere, as is what has one of them as its
   *     configuration, or lists it as an index
   */
  Looked lookAtManifests(Instant since, Predicate<Digest> running, int limit);

  /** The same for links of blobs. */
  Looked lookAtBlobs(Instant since, int limit);

  /**
   * Forgets for good what was removed before. An image that is in use by now comes back instead,
   * unless somebody deleted it.
   *
   * @param running as of {@link #lookAtManifests}
   * @param limit of rows of each kind
   */
  Forgotten forget(Instant removedBefore, Predicate<Digest> running, int limit);

  /** Notes stored content that no row came to name. */
  void noteUnnamed(Digest digest, long size);

  /** Content that no row named when it was noted. */
  List<Digest> unnamed(int limit);

  /**
   * Notes that the files of those that still no row names are about to be deleted. To be called
   * while no push can store one of them.
   *
   * @return these, with their sizes
   */
  Map<Digest, Long> beginErasing(List<Digest> digests);

  /** Forgets content whose file is gone. */
  void erased(java.util.Collection<Digest> digests);

  /** Whether a row names the content, or its file is about to be deleted. */
  boolean knows(Digest digest);

  /** Notes pulls; it may be lost with the power. */
  void pulled(Map<Pull, Instant> pulls);

  Summary summary();

  /** Notes what a run did. */
  void ran(Instant at, long freedBytes);

  /** The request that was carried out last. */
  Optional<String> lastRequest();

  void carriedOut(String request);

  /**
   * One step.
   *
   * @param looked rows that were looked at
   * @param removed of these
   */
  record Looked(int looked, List<Gone> removed) {}

  /**
   * One step.
   *
   * @param rows that went or came back
   * @param back of these
   */
  record Forgotten(int rows, List<Gone> back) {}

  /** A manifest, or a blob of a repository, that is removed. */
  record Gone(RepositoryName repository, Digest digest) {}

  /** What somebody asked for, and what it was. */
  record Pull(RepositoryName repository, Reference reference, Digest digest) {}

  /**
   * The state of the collection.
   *
   * @param freedBytes by the last run
   * @param quarantinedBytes of content that only removed rows name
   * @param reclaimableBytes of that, and of what nothing refers to any more
   */
  record Summary(
      @Nullable Instant lastRunAt, long freedBytes, long quarantinedBytes, long reclaimableBytes) {}
}
