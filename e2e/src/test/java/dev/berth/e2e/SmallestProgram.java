package dev.berth.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A Linux program that ends at once with 0 and needs no library, so that a container can run it
 * alone: an ELF header, one segment that is the whole file, and two or three instructions.
 */
final class SmallestProgram {
  private static final int HEADERS = 64 + 56;
  private static final long BASE = 0x400000;

  /**
   * @param number as ELF calls it
   * @param exit instructions that end with 0, in hexadecimal digits
   */
  private record Machine(int number, String exit) {
    // mov $60, %eax; xor %edi, %edi; syscall
    static final Machine X86_64 = new Machine(0x3e, "b83c00000031ff0f05");
    // mov x8, #93; mov x0, #0; svc #0
    static final Machine AARCH64 = new Machine(0xb7, "a80b80d2000080d2010000d4");
  }

  private SmallestProgram() {}

  /** Writes it for the processor of this machine. */
  static void write(Path file) throws IOException {
    Machine machine =
        System.getProperty("os.arch").equals("aarch64") ? Machine.AARCH64 : Machine.X86_64;
    byte[] exit = HexFormat.of().parseHex(machine.exit());
    int size = HEADERS + exit.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(HexFormat.of().parseHex("7f454c46020101000000000000000000")); // 64 bits, little endian
    elf.putShort((short) 2).putShort((short) machine.number()).putInt(1); // an executable
    elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0); // entry, program headers
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0); // no sections
    elf.putInt(1).putInt(5); // to be loaded, read and run
    elf.putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000);
    elf.put(exit);
    Files.write(file, elf.array());
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + file);
    }
  }
}
