package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An executable jar in the place of an image. The heap is a quarter of the container's memory
 * limit, what a JVM in a container would take.
 *
 * @param java the {@code java} program
 * @param jar the executable jar
 * @param options further JVM options
 */
public record JarImage(Path java, Path jar, List<String> options) implements LocalImage {

  private static final long MEBIBYTE = 1024 * 1024;
  private static final long SMALLEST_HEAP_MEBIBYTES = 64;

  public JarImage {
    options = List.copyOf(options);
  }

  @Override
  public List<String> entrypoint(Container container, Path temporary) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    Quantity limit =
        container.getResources() == null || container.getResources().getLimits() == null
            ? null
            : container.getResources().getLimits().get("memory");
    if (limit != null) {
      BigDecimal bytes = limit.getNumericalAmount();
      long quarter = bytes.longValue() / 4 / MEBIBYTE;
      long heap = Math.max(SMALLEST_HEAP_MEBIBYTES, quarter);
      command.add("-Xmx" + heap + "m");
      // As much as the heap by default, and then both together could exceed what the pod may have.
      command.add("-XX:MaxDirectMemorySize=" + heap / 2 + "m");
    }
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(options);
    command.add("-jar");
    command.add(jar.toString());
    return command;
  }
}
