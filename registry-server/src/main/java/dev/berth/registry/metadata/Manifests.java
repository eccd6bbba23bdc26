package dev.berth.registry.metadata;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The manifests of a repository, by digest and by tag. */
public interface Manifests {

  Optional<Stored> find(RepositoryName repository, Reference reference);

  /** The manifest that would be found, were its bytes not missing or damaged. */
  Optional<Digest> lost(RepositoryName repository, Reference reference);

  /**
   * Adds a manifest whose bytes are stored, and moves the tags to it, in one transaction.
   *
   * @param fixed which tags stay where they are
   * @return what it refers to and the repository does not hold, now
   * @throws FixedTagException where a tag would move that is fixed
   * @throws Room.ExceededException where there is no room
   * @throws dev.berth.registry.oci.OciException MANIFEST_INVALID where indexes would nest too deep
   */
  List<Manifest.Link> put(
      Repository repository,
      Digest digest,
      long size,
      Manifest manifest,
      Set<Tag> tags,
      Predicate<Tag> fixed,
      Room room);

  /** The same, however full it is. */
  default List<Manifest.Link> put(
      Repository repository,
      Digest digest,
      long size,
      Manifest manifest,
      Set<Tag> tags,
      Predicate<Tag> fixed) {
    return put(repository, digest, size, manifest, tags, fixed, Room.UNLIMITED);
  }

  /**
   * Deletes a tag alone, or a manifest with the tags that name it.
   *
   * @param fixed which tags stay
   * @return false where there is none
   * @throws FixedTagException where a tag would go that is fixed
   */
  boolean delete(RepositoryName repository, Reference reference, Predicate<Tag> fixed);

  /**
   * Tags in ascending order of their characters' codes.
   *
   * @param after the tag before the first one wanted, whether it exists or not
   */
  List<String> tags(RepositoryName repository, @Nullable String after, int limit);

  /**
   * Manifests whose subject is the digest, ascending by their own. Fewer than the limit where their
   * annotations would fill the memory.
   *
   * @param artifactType null: of any
   */
  Referrers referrers(
      RepositoryName repository,
      Digest subject,
      @Nullable String artifactType,
      @Nullable String after,
      int limit);

  /** What is served for a manifest, besides its bytes. */
  record Stored(Digest digest, String mediaType, long size) {}

  /**
   * A page of the referrers list.
   *
   * @param more whether others follow these
   */
  record Referrers(List<Referrer> entries, boolean more) {}

  /** An entry of the referrers list. */
  record Referrer(
      Digest digest,
      String mediaType,
      long size,
      @Nullable String artifactType,
      Map<String, String> annotations) {}
}
