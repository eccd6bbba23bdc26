package dev.berth.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param fileSystem the kind that the data of the started registries is on: what an fsync costs
 */
record Machine(
    String cpu, int cores, long memoryMib, String system, String java, String fileSystem) {

  private static final int MIB_BITS = 20;
  private static final double MIB_PER_GIB = 1024;

  /** This one, with its data in that folder. */
  static Machine here(Path data) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        value(Path.of("/proc/cpuinfo"), "model name", ':', system.getArch()),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize() >> MIB_BITS,
        value(Path.of("/etc/os-release"), "PRETTY_NAME", '=', system.getName()),
        Runtime.version().toString(),
        fileSystem(data));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.1f GiB, %s, Java %s, data on %s",
        cpu,
        cores,
        memoryMib / MIB_PER_GIB,
        system,
        java,
        fileSystem);
  }

  private static String fileSystem(Path data) {
    try {
      return Files.getFileStore(data).type();
    } catch (IOException e) {
      throw new BenchException(
          data + " cannot be used for data: name a folder that is there with --data", e);
    }
  }

  /** The value of the first line that begins with this key. */
  private static String value(Path file, String key, char separator, String otherwise) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key) && line.indexOf(separator) > 0)
          .map(line -> line.substring(line.indexOf(separator) + 1).replace('"', ' ').strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
