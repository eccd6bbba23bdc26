package dev.berth.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/**
 * A blob that no memory need hold: one random MiB again and again, each with its number. Several
 * clients may push it at once.
 */
final class LargeBlob {

  private static final int MIB = 1 << 20;

  private final byte[] chunk = new byte[MIB];
  private final int chunks;
  private final String digest;

  LargeBlob(RandomGenerator random, int mib) {
    random.nextBytes(chunk);
    this.chunks = mib;
    MessageDigest sha256 = Blob.sha256();
    ByteBuffer each = ByteBuffer.allocate(MIB);
    for (int number = 0; number < chunks; number++) {
      sha256.update(numbered(each, number));
    }
    this.digest = Blob.digest(sha256.digest());
  }

  int mib() {
    return chunks;
  }

  long size() {
    return (long) chunks * MIB;
  }

  String digest() {
    return digest;
  }

  /** Writes all of it as the body of the request that the connection has begun. */
  void writeTo(HttpConnection connection) throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(MIB);
    for (int number = 0; number < chunks; number++) {
      connection.write(numbered(direct, number));
    }
  }

  private ByteBuffer numbered(ByteBuffer buffer, int number) {
    return buffer.clear().put(chunk).putInt(0, number).flip();
  }
}
