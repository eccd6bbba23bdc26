package dev.berth.registry.metadata;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Which blobs a repository holds. A blob is there for a caller only through such a link. */
public interface Blobs {

  /** A blob that the repository holds. */
  Optional<Held> find(RepositoryName repository, Digest digest);

  /** The size of a blob that the repository holds. */
  default OptionalLong size(RepositoryName repository, Digest digest) {
    return find(repository, digest).stream().mapToLong(Held::size).findFirst();
  }

  /** Whether the repository would hold it, were its bytes not missing or damaged. */
  boolean isLost(RepositoryName repository, Digest digest);

  /**
   * Adds a blob whose bytes are stored; no error where it is there already.
   *
   * @throws Room.ExceededException where there is no room
   */
  void add(Repository repository, Digest digest, long size, Room room);

  /** The same, however full it is. */
  default void add(Repository repository, Digest digest, long size) {
    add(repository, digest, size, Room.UNLIMITED);
  }

  /** Repositories that hold a blob, in no particular order. */
  List<RepositoryName> holders(Digest digest, int limit);

  /** Whether a repository holds a blob, or held it until it was collected lately. */
  boolean canBeMounted(RepositoryName from, Digest digest);

  /**
   * Lets a repository hold what another one holds, or held until it was collected.
   *
   * @return false where the other one does not hold it
   * @throws Room.ExceededException where there is no room
   */
  boolean mount(Repository repository, RepositoryName from, Digest digest, Room room);

  /** The same, however full it is. */
  default boolean mount(Repository repository, RepositoryName from, Digest digest) {
    return mount(repository, from, digest, Room.UNLIMITED);
  }

  /**
   * Begins the grace of a blob that nothing refers to anew.
   *
   * @return false where the repository does not hold it any more
   */
  boolean keep(RepositoryName repository, Digest digest);

  /**
   * Takes the blob from this repository alone. It can be restored for a while.
   *
   * @return false where it did not hold it
   */
  boolean remove(RepositoryName repository, Digest digest);

  /**
   * What is known of a blob.
   *
   * @param size in bytes
   * @param unreferencedAt since when perhaps nothing refers to it; null: something does
   */
  record Held(long size, @Nullable Instant unreferencedAt) {}
}
