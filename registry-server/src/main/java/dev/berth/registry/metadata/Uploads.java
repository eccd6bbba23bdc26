package dev.berth.registry.metadata;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.Optional;

/** Upload sessions, so that any process may take the next request of one. */
public interface Uploads {

  /**
   * Begins a session. It may be lost with the power, as may what it received: neither is a blob.
   */
  Upload start(Repository repository, String id);

  /** A session of this repository, not of another. */
  Optional<Upload> find(RepositoryName repository, String id);

  /**
   * Records that more bytes are kept.
   *
   * @return false where the session is no longer as it was given
   */
  boolean advance(Upload upload, long received);

  /** Ends the session and adds its bytes, which are stored, as a blob, in one transaction. */
  void complete(Upload upload, Digest digest, long size);

  void cancel(Upload upload);

  /**
   * One session.
   *
   * @param received bytes that were acknowledged
   */
  record Upload(String id, Repository repository, long received, Instant startedAt) {}
}
