package dev.berth.registry.canary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An archive of one program, whose bytes depend on nothing but it (POSIX ustar). */
final class Tar {
  private static final int BLOCK = 512;

  /** Where a header has its own checksum, which counts as eight spaces. */
  private static final int CHECKSUM = 148;

  private Tar() {}

  static byte[] of(String name, byte[] program) {
    int content = (program.length + BLOCK - 1) / BLOCK * BLOCK;
    // Two empty blocks are its end.
    ByteBuffer tar = ByteBuffer.allocate(BLOCK + content + 2 * BLOCK);
    put(tar, 0, name);
    put(tar, 100, "0000755");
    put(tar, 108, "0000000"); // root
    put(tar, 116, "0000000");
    put(tar, 124, "%011o".formatted(program.length));
    put(tar, 136, "00000000000"); // 1970
    put(tar, CHECKSUM, " ".repeat(8));
    put(tar, 156, "0"); // a file
    put(tar, 257, "ustar");
    put(tar, 263, "00");
    put(tar, CHECKSUM, "%06o\0 ".formatted(sum(tar)));
    tar.put(BLOCK, program);
    return tar.array();
  }

  private static int sum(ByteBuffer header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += header.get(i) & 0xff;
    }
    return sum;
  }

  private static void put(ByteBuffer tar, int at, String text) {
    tar.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
