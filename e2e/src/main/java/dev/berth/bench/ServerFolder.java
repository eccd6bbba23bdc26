package dev.berth.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fresh folder of one server: configuration, log and data.
 *
 * @param path where it is
 */
record ServerFolder(Path path) {

  private static final String LOG = "log";
  private static final int LAST_LINES = 3;

  /** A new one in this folder. */
  static ServerFolder in(Path parent) {
    try {
      return new ServerFolder(Files.createTempDirectory(parent, "berth-bench-").toAbsolutePath());
    } catch (IOException e) {
      throw new BenchException(
          "no folder can be made in %s (%s): name another with --data"
              .formatted(parent, e.getClass().getSimpleName()),
          e);
    }
  }

  Path log() {
    return path.resolve(LOG);
  }

  /** Writes a file of the configuration. */
  void write(String name, String content) {
    write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] content) {
    Path file = path.resolve(name);
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The end of the log, as one line. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join(
          " | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "its log " + log() + " cannot be read";
    }
  }

  /** Removes it with everything in it. */
  void delete() {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException e) {
      // It is gone, which was wanted.
    } catch (IOException e) {
      throw new BenchException("cannot remove " + path + ": " + e.getMessage(), e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("no free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }
}
