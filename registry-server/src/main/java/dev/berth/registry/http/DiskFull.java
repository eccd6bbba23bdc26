package dev.berth.registry.http;

import java.util.Objects;
import java.util.stream.Stream;

/** The one fault of a file system that an operator must tell from all others. */
final class DiskFull {
  private DiskFull() {}

  /** Java has no exception of its own for it: the operating system's words must do. */
  static boolean isCauseOf(Throwable fault) {
    return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .anyMatch(
            message ->
                message.contains("No space left on device")
                    || message.contains("Disk quota exceeded")
                    || message.contains("SQLITE_FULL"));
  }
}
