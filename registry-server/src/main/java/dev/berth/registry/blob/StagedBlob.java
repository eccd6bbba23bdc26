package dev.berth.registry.blob;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;

/** Content on its way in, invisible until it is committed. Closing it keeps what was appended. */
public interface StagedBlob extends AutoCloseable {

  /**
   * Takes everything from the stream, in bounded memory.
   *
   * @param limit of the length afterwards
   * @return the length afterwards
   * @throws BodyException where the stream failed
   * @throws TooLargeException where the stream holds more than the limit allows
   */
  long append(InputStream body, long limit) throws IOException;

  /** Everything appended so far, where it is known to be small. */
  byte[] read() throws IOException;

  /** Of everything appended so far. */
  Digest digest(DigestAlgorithm algorithm) throws IOException;

  /**
   * Makes the content durable under its digest, which the caller has compared. Content that is
   * there already is replaced by the same bytes. The upload stays findable until this is closed: a
   * process that ends before anything names the content leaves a trace of it.
   */
  void commit(Digest digest) throws IOException;

  /**
   * Takes back what {@link #commit} made, also where it failed halfway; content that was there
   * before stays. What was appended can be committed again. To be called once it is sure that
   * nothing names the content, and while nobody else stores it.
   */
  void withdraw() throws IOException;

  /**
   * Lets the trace of what was committed stay: whether anything names it, somebody finds out later.
   */
  void leave();

  /** Drops everything appended, if it was not committed. */
  void discard() throws IOException;

  @Override
  void close() throws IOException;
}
