package dev.berth.registry.metadata;

import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.Optional;

/** What others than the OCI endpoints ask about the stored repositories. */
public interface RepositoryCatalog {

  Optional<Repository> find(RepositoryName name);

  Usage usage();

  /**
   * A repository that exists.
   *
   * @param key of its rows in the store, the same for all repositories that ever have this name
   * @param uid never used again, also not by a later repository of the same name
   */
  record Repository(RepositoryName name, String key, String uid, Instant createdAt) {}

  /**
   * Counts over the whole registry.
   *
   * @param physicalBytes of the blobs, each counted once
   * @param logicalBytes of the blobs, each counted once for every repository that links it
   */
  record Usage(
      long repositories, long tags, long manifests, long physicalBytes, long logicalBytes) {}
}
