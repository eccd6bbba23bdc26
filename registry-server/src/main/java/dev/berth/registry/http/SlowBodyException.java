package dev.berth.registry.http;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

/** A client was waited for too long in the middle of a body. */
final class SlowBodyException extends IOException {
  private static final long serialVersionUID = 1L;

  SlowBodyException() {
    super("the body came too slowly");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    // An expected end of a request: nobody reads the stack.
    return this;
  }

  static boolean isCauseOf(Throwable fault) {
    return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
        .anyMatch(SlowBodyException.class::isInstance);
  }
}
