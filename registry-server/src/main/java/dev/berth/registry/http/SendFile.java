package dev.berth.registry.http;

import io.micronaut.http.MutableHttpResponse;
import java.nio.file.Path;

/**
 * An order to send a part of a file as the body of a response. It travels from a controller to
 * {@link SendFileHandler} in a header of the response, which never leaves the server.
 *
 * @param length at least one
 */
record SendFile(Path file, long from, long length) {
  static final String HEADER = "x-sendfile";

  void orderIn(MutableHttpResponse<?> response) {
    response.header(HEADER, from + ":" + length + ":" + file);
  }

  static SendFile parse(String header) {
    String[] parts = header.split(":", 3);
    return new SendFile(Path.of(parts[2]), Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }
}
