package dev.berth.registry.metadata;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Upload sessions that have received something, so that any process may take the next request of
 * one, and those that have ended, so that none goes on with them. A session that is neither is
 * known by its id alone.
 */
public interface Uploads {

  /** What the ids of sessions are signed with: 32 bytes, the same for every process. */
  byte[] signingKey();

  /** A session of this repository, not of another. */
  Optional<Session> find(Repository repository, String id);

  /**
   * Records the first bytes of a session. It may be lost with the power, as may what it received:
   * neither is a blob.
   *
   * @param principal whom the session counts for
   * @return false where another request was first, or has ended it
   */
  boolean begin(Repository repository, String id, String bytes, long received, String principal);

  /** How many sessions of a principal receive, counted no further than to a number. */
  int receiving(String principal, int most);

  /**
   * Records that more bytes are kept, with the same promise.
   *
   * @return false where the session is no longer as it was given
   */
  boolean advance(Receiving session, long received);

  /**
   * Ends a session and adds its bytes, which are stored, as a blob, in one transaction.
   *
   * @throws Room.ExceededException where there is no room
   */
  void complete(Repository repository, String id, Digest digest, long size, Room room);

  /** Ends a session. */
  void cancel(Repository repository, String id);

  /**
   * Ends a session if it is as it was given.
   *
   * @return false where it is not
   */
  boolean expire(Receiving session);

  /** Sessions that receive and have not changed since, the oldest first. */
  List<Receiving> idle(Instant since, int limit);

  /** Whether a session still needs these bytes of the blob store. */
  boolean isInUse(String bytes);

  /** Forgets sessions that have ended before. */
  void forgetEnded(Instant before);

  /** What is known of a session. */
  sealed interface Session {}

  /** There is nothing more to do with it. */
  record Ended() implements Session {}

  /**
   * It has received something.
   *
   * @param bytes their name in the blob store
   * @param received how many were acknowledged
   */
  record Receiving(String id, String bytes, long received) implements Session {}
}
