package dev.berth.embedded.fault;

import java.time.Duration;

/** What happens to a request. */
public sealed interface Fault {

  /**
   * It is refused with a Status object and has no effect.
   *
   * @param code the HTTP status
   * @param reason of the Status object
   * @param retryAfterSeconds for the header {@code Retry-After}; 0 leaves it out
   */
  record Answer(int code, String reason, int retryAfterSeconds) implements Fault {}

  /** It is handled after this time. */
  record Delay(Duration duration) implements Fault {}

  /** The connection ends before it is handled. */
  record Refuse() implements Fault {}

  /** It is handled, and the connection ends before its answer is sent. */
  record LoseAnswer() implements Fault {}

  /** A refusal of this status, with the reason that a Kubernetes API gives with it. */
  static Fault answer(int code) {
    return new Answer(
        code,
        switch (code) {
          case 403 -> "Forbidden";
          case 409 -> "Conflict";
          case 429 -> "TooManyRequests";
          case 503 -> "ServiceUnavailable";
          default -> "InternalError";
        },
        0);
  }

  /** Too many requests: the client is told to come back. */
  static Fault retryAfter(int seconds) {
    return new Answer(429, "TooManyRequests", seconds);
  }

  /** Slowness. */
  static Fault delay(Duration duration) {
    return new Delay(duration);
  }

  /** A connection that ends before anything is done. */
  static Fault refuse() {
    return new Refuse();
  }

  /** A connection that ends when the request has taken effect. */
  static Fault loseAnswer() {
    return new LoseAnswer();
  }
}
