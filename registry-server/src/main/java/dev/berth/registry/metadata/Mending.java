package dev.berth.registry.metadata;

import dev.berth.registry.oci.Digest;

/** Changes of rows that a comparison with what is stored asks for. Each may be repeated. */
public interface Mending {

  /**
   * Takes content out of service: its bytes are missing or damaged. Whoever names it keeps it, and
   * has it again with the next push of the digest to any repository.
   */
  void lose(Digest digest);

  /** The bytes of content are as they should be, and so many. */
  void found(Digest digest, long size);

  /**
   * Lets rows that name content without a row name content that is lost, and takes away the others
   * that name what is not there.
   */
  void mendBroken();

  /** Lets garbage collection look at what nothing names. */
  void note();

  /** Counts all bytes anew. */
  void recount();
}
