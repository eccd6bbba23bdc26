package dev.berth.registry.adopt;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Objects;

/** Something of a volume cannot be taken over. The message says why, and what can be done. */
final class BrokenLinkException extends Exception {
  private static final long serialVersionUID = 1L;

  static final String SYMBOLIC = "is a symbolic link; only what lies on the volume is taken over";

  BrokenLinkException(String reason) {
    // Expected, and reported with its path.
    super(reason, null, false, false);
  }

  String reason() {
    return Objects.requireNonNull(getMessage(), "every reason is said");
  }

  static String unreadable(IOException cause) {
    return cause instanceof AccessDeniedException
        ? "cannot be read by this user; give it the rights"
        : "cannot be read: " + cause;
  }
}
