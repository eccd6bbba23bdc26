package dev.berth.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads answers from one connection. */
final class AnswerReader {

  private static final int BUFFER_BYTES = 256 << 10;
  private static final int LONGEST_LINE = 64 << 10;
  private static final int DECIMAL = 10;
  private static final int HEXADECIMAL = 16;
  private static final int STATUS_START = "HTTP/1.1 ".length();
  private static final int STATUS_END = STATUS_START + 3;
  private static final byte[] NOTHING = {};

  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
  private final byte[] line = new byte[LONGEST_LINE];
  private ReadableByteChannel channel;

  AnswerReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /** Reads from a new connection from now on. */
  void continueWith(ReadableByteChannel next) {
    channel = next;
    in.clear().flip();
  }

  /** Status and headers. */
  Answer head() throws IOException {
    String first = line();
    if (!first.startsWith("HTTP/1.") || first.length() < STATUS_END) {
      throw new ProtocolException("this is no answer of HTTP/1.1");
    }
    Map<String, String> headers = new HashMap<>();
    for (String next = line(); !next.isEmpty(); next = line()) {
      int colon = next.indexOf(':');
      if (colon > 0) {
        headers.put(
            next.substring(0, colon).toLowerCase(Locale.ROOT), next.substring(colon + 1).strip());
      }
    }
    int status = number(first.substring(STATUS_START, STATUS_END), DECIMAL);
    return new Answer(status, headers, NOTHING);
  }

  /** The whole body of the answer whose head was read last. */
  byte[] body(Answer answer) throws IOException {
    if (answer.header("transfer-encoding").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    long length = answer.length();
    if (length < 0) {
      throw new ProtocolException("the answer has neither a Content-Length nor chunks");
    }
    return take(length);
  }

  /** Hands that many bytes of a body to the sink, which need not read what it is given. */
  void drain(long length, Consumer<ByteBuffer> sink) throws IOException {
    for (long left = length; left > 0; ) {
      fillWhenEmpty();
      int some = (int) Math.min(left, in.remaining());
      sink.accept(in.slice(in.position(), some));
      in.position(in.position() + some);
      left -= some;
    }
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      all.writeBytes(take(size));
      line();
    }
    String trailer = line();
    while (!trailer.isEmpty()) {
      trailer = line();
    }
    return all.toByteArray();
  }

  private int chunkSize() throws IOException {
    String size = line();
    int extension = size.indexOf(';');
    return number((extension < 0 ? size : size.substring(0, extension)).strip(), HEXADECIMAL);
  }

  private byte[] take(long length) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(length)];
    drain(length, ByteBuffer.wrap(bytes)::put);
    return bytes;
  }

  private String line() throws IOException {
    int length = 0;
    while (true) {
      fillWhenEmpty();
      byte next = in.get();
      if (next == '\n') {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
      }
      if (length == LONGEST_LINE) {
        throw new ProtocolException("a line of the answer's head has no end");
      }
      line[length++] = next;
    }
  }

  private void fillWhenEmpty() throws IOException {
    if (in.hasRemaining()) {
      return;
    }
    in.clear();
    int read = channel.read(in);
    in.flip();
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
  }

  private static int number(String text, int radix) throws ProtocolException {
    try {
      return Integer.parseInt(text, radix);
    } catch (NumberFormatException e) {
      throw new ProtocolException("\"" + text + "\" where the answer should have a number");
    }
  }
}
