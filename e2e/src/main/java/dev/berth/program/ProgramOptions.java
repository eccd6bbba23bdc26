package dev.berth.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM's options of a built program: those of its image, as far as there is what they name. */
public final class ProgramOptions {
  private ProgramOptions() {}

  /**
   * The options, without the heap's.
   *
   * @param home the checkout
   * @param jar the program; {@code tools/class-cache} puts its cache beside it
   */
  public static List<String> of(Path home, Path jar) {
    List<String> options = new ArrayList<>();
    options.add("@" + home.resolve("tools/image/jvm.options"));
    Path cache = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", ".jsa"));
    if (Files.isRegularFile(cache)) {
      options.add("-XX:SharedArchiveFile=" + cache);
      // As the image has it: without them no JVM starts, and with them none says what it left
      // alone.
      options.addAll(List.of("-Xms32m", "-Xlog:cds=error", "-Xlog:aot=error"));
    }
    return List.copyOf(options);
  }
}
