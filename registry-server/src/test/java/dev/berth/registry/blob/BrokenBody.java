package dev.berth.registry.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A body whose client goes away after some bytes. */
public final class BrokenBody extends ByteArrayInputStream {

  public BrokenBody(byte[] before) {
    super(before);
  }

  @Override
  public int read(byte[] buffer) throws IOException {
    int count = super.read(buffer, 0, buffer.length);
    if (count < 0) {
      throw new IOException("reset by peer");
    }
    return count;
  }
}
