package dev.berth.registry.watch;

import java.io.IOException;
import java.util.List;

/** Makes a value of the contents of files. */
@FunctionalInterface
public interface FileFormat<T> {
  /**
   * Reads the value.
   *
   * @param contents of the files, in the order they were named
   * @throws IOException when they cannot be used; the message says what to do and holds no secret
   */
  T read(List<byte[]> contents) throws IOException;
}
