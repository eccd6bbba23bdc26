package dev.berth.bench;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a registry answered; the body is empty until it is read. */
final class Answer {

  private static final int SHOWN = 200;

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * An answer.
   *
   * @param headers their names in lower case
   */
  Answer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  Answer withBody(byte[] read) {
    return new Answer(status, headers, read);
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  /** The header of this name in lower case, "" when there is none. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The length that it states, -1 when it states none. */
  long length() throws ProtocolException {
    String length = header("content-length");
    try {
      return length.isEmpty() ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new ProtocolException("Content-Length: " + length);
    }
  }

  /** Itself, if it has the status that was to be expected. */
  Answer expect(int expected, String request) throws ProtocolException {
    if (status != expected) {
      throw new ProtocolException(
          "%s answered %d instead of %d %s"
              .formatted(request.replaceFirst("\\?.*", ""), status, expected, start())
              .strip());
    }
    return this;
  }

  /** The first bytes of the body, as one line. */
  String start() {
    String text = new String(body, 0, Math.min(SHOWN, body.length), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** What went wrong, in one line: the message, which some exceptions lack. */
  static String describe(IOException e) {
    String message = e.getMessage();
    if (e instanceof UnknownHostException) {
      return "unknown host " + message;
    }
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
