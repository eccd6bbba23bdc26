package dev.berth.registry.metadata;

import dev.berth.registry.oci.RepositoryName;
import java.util.List;

/** Sums that are kept on the way, for whoever watches them. */
public interface Accounts {

  /** The repositories that hold most bytes, the largest first. */
  List<Account> largest(int limit);

  /**
   * Bytes of content that no other repository holds: what its deletion would free. Reads all links
   * of the repository.
   */
  long uniqueBytes(RepositoryName repository);

  /** How much content is out of service, since its bytes are missing or damaged. */
  long lost();

  /**
   * Of one repository.
   *
   * @param logicalBytes of all that it holds
   */
  record Account(RepositoryName repository, long logicalBytes, long tags, long manifests) {}
}
