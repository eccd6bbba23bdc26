package dev.berth.registry.metadata;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.util.List;
import java.util.OptionalLong;

/** Which blobs a repository holds. A blob is there for a caller only through such a link. */
public interface Blobs {

  /** The size of a blob that the repository holds. */
  OptionalLong size(RepositoryName repository, Digest digest);

  /** Adds a blob whose bytes are stored; no error where it is there already. */
  void add(Repository repository, Digest digest, long size);

  /** Repositories that hold a blob, in no particular order. */
  List<RepositoryName> holders(Digest digest, int limit);

  /**
   * Lets a repository hold what another one holds.
   *
   * @return false where the other one does not hold it
   */
  boolean mount(Repository repository, RepositoryName from, Digest digest);

  /**
   * Takes the blob from this repository alone.
   *
   * @return false where it did not hold it
   */
  boolean remove(RepositoryName repository, Digest digest);
}
