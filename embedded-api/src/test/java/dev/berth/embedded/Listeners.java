package dev.berth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** TCP sockets on which the processes that this one started listen, read from /proc. */
final class Listeners {
  private static final String LISTEN = "0A";

  private Listeners() {}

  /** Local addresses in the hexadecimal form of /proc/net/tcp. */
  static List<String> ofDescendants() {
    Set<String> inodes = new HashSet<>();
    ProcessHandle.current().descendants().forEach(p -> inodes.addAll(sockets(p.pid())));
    List<String> addresses = new ArrayList<>();
    for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
      for (String line : lines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[3].equals(LISTEN) && inodes.contains("socket:[" + columns[9] + "]")) {
          addresses.add(columns[1]);
        }
      }
    }
    return addresses;
  }

  static boolean isLoopback(String address) {
    return address.startsWith("0100007F:")
        || address.startsWith("00000000000000000000000001000000:")
        || address.startsWith("0000000000000000FFFF00000100007F:");
  }

  private static Set<String> sockets(long pid) {
    Set<String> found = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files.toList()) {
        found.add(Files.readSymbolicLink(file).toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static List<String> lines(Path table) {
    try {
      List<String> all = Files.readAllLines(table);
      return all.subList(1, all.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
