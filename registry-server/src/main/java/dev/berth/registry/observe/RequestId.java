package dev.berth.registry.observe;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ties the log lines of a request together; shown to the client. */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{8,64}");

  private RequestId() {}

  /** The client's own where it cannot confuse a log, else a new one. */
  static String of(@Nullable String sent) {
    return sent != null && SANE.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
  }
}
