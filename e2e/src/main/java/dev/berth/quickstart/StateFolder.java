package dev.berth.quickstart;

import dev.berth.quickstart.node.ProcessLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that a quickstart keeps, owned by one at a time. */
final class StateFolder implements AutoCloseable {

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final String LOCK = "lock";

  /** Where the quickstart itself logs. */
  static final String LOG = "logs/quickstart.log";

  private final Path folder;
  private final FileChannel lock;

  private StateFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  static StateFolder open(Path folder, boolean fresh) {
    try {
      Files.createDirectories(folder);
      requireOwn(folder);
      // Others on the machine may not look at passwords, keys and images.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = channel.tryLock();
      if (held == null) {
        channel.close();
        throw new QuickstartException(
            "another quickstart runs with "
                + folder
                + ": end it with Ctrl-C, or give this one a folder of its own with --state DIR");
      }
      StateFolder state = new StateFolder(folder, channel);
      // First of all: what a killed quickstart left still writes below this folder.
      state.ledger().endLeftovers();
      if (fresh) {
        state.forget();
      }
      return state;
    } catch (IOException e) {
      throw new QuickstartException(
          "cannot use the folder " + folder + ": " + e + "; choose another with --state DIR", e);
    }
  }

  Path path() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path log(String program) {
    Path logs = folder.resolve("logs");
    try {
      return Files.createDirectories(logs).resolve(program + ".log");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + logs, e);
    }
  }

  ProcessLedger ledger() {
    return new ProcessLedger(folder.resolve("processes"));
  }

  /** Writes a file that only its owner reads, in one step. */
  Path writePrivate(String name, String content) {
    Path file = folder.resolve(name);
    try {
      Path unfinished = folder.resolve(name + ".new");
      Files.deleteIfExists(unfinished);
      Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(PRIVATE));
      Files.writeString(unfinished, content);
      return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of something else would be locked for others, and emptied by {@code --fresh}. */
  private static void requireOwn(Path folder) throws IOException {
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent() && Files.notExists(folder.resolve(LOCK))) {
        throw new QuickstartException(
            "the folder "
                + folder
                + " holds what no quickstart made: name an empty or a new one with --state DIR");
      }
    }
  }

  private void forget() throws IOException {
    List<Path> content;
    try (Stream<Path> files = Files.walk(folder)) {
      content = files.sorted(Comparator.reverseOrder()).toList();
    }
    // This process holds its lock and its log open: without them it would run unseen.
    Path log = folder.resolve(LOG);
    Set<Path> kept = Set.of(folder, folder.resolve(LOCK), log, log.resolveSibling(""));
    for (Path path : content) {
      if (!kept.contains(path)) {
        Files.delete(path);
      }
    }
  }
}
