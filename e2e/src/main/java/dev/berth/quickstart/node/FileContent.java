package dev.berth.quickstart.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A file of a volume.
 *
 * @param bytes read only, never moved
 * @param mode permission bits
 */
record FileContent(ByteBuffer bytes, int mode) {

  static FileContent of(byte[] bytes, int mode) {
    return new FileContent(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), mode);
  }

  static FileContent of(String text, int mode) {
    return of(text.getBytes(StandardCharsets.UTF_8), mode);
  }

  byte[] toArray() {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }
}
