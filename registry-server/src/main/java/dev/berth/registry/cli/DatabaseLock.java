package dev.berth.registry.cli;

import dev.berth.registry.config.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Keeps a second server away from an embedded database: each answers from what it remembers, which
 * the other does not know of. The lock is the operating system's and ends with the process.
 */
final class DatabaseLock {
  private final FileChannel channel;

  private DatabaseLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws InvalidConfigurationException where another server has it, or nobody can
   */
  static DatabaseLock take(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isTaken(channel)) {
        channel.close();
        throw new InvalidConfigurationException(
            List.of(
                database
                    + " is used by another server; end that one (scale a Registry to replicas: 0), or"
                    + " name another metadata.embedded.path and storage.filesystem.path"));
      }
      return new DatabaseLock(channel);
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          List.of(file + " cannot be locked: " + e.getMessage()));
    }
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** To be called once nothing uses the database any more; a process that is killed need not. */
  void release() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
