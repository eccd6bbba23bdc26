package dev.berth.registry.canary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A Linux program that ends at once with 0 and needs no library, so that a container can run it
 * alone: an ELF header, one segment that is the whole file, and two or three instructions (elf(5)).
 */
public enum SmallestProgram {
  /** mov $60, %eax; xor %edi, %edi; syscall. */
  AMD64("amd64", 0x3e, "b83c00000031ff0f05"),

  /** mov x8, #93; mov x0, #0; svc #0. */
  ARM64("arm64", 0xb7, "a80b80d2000080d2010000d4");

  private static final int HEADERS = 64 + 56;

  /** A multiple of the largest page that arm64 has. */
  private static final long BASE = 0x400000;

  private final String architecture;
  private final int machine;
  private final String exit;

  /**
   * One for a processor.
   *
   * @param machine as ELF calls the processor
   * @param exit instructions that end with 0, in hexadecimal digits
   */
  SmallestProgram(String architecture, int machine, String exit) {
    this.architecture = architecture;
    this.machine = machine;
    this.exit = exit;
  }

  /** The one for the processor of this machine. */
  public static SmallestProgram ofThisMachine() {
    return System.getProperty("os.arch").equals("aarch64") ? ARM64 : AMD64;
  }

  /** As images call it. */
  String architecture() {
    return architecture;
  }

  /** The whole file. */
  public byte[] bytes() {
    byte[] code = HexFormat.of().parseHex(exit);
    int size = HEADERS + code.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(HexFormat.of().parseHex("7f454c46020101000000000000000000")); // 64 bits, little endian
    elf.putShort((short) 2).putShort((short) machine).putInt(1); // an executable
    elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0); // entry, program headers
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0); // no sections
    elf.putInt(1).putInt(5); // to be loaded, read and run
    elf.putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000);
    elf.put(code);
    return elf.array();
  }
}
