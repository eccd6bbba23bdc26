package dev.berth.registry.metadata.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.berth.registry.metadata.SchemaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * An SQLite file that survives a power cut, with one connection that writes and several that read.
 */
final class SqliteFile {
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
  private static final int READERS = 8;
  private static final int CACHE_KIBIBYTES_EACH = 4096;

  private SqliteFile() {}

  static SqlDatabase open(Path file, Clock clock) {
    Path absolute = file.toAbsolutePath();
    try {
      Path folder = Objects.requireNonNull(absolute.getParent(), "a file has a folder");
      Files.createDirectories(folder);
      unpackNativeLibraryBelow(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder of the database " + absolute, e);
    }
    String url = "jdbc:sqlite:" + absolute;
    HikariDataSource writer = pool("metadata-write", source(url), 1, false);
    return new SqlDatabase(pool("metadata-read", source(url), READERS, false), writer, clock);
  }

  /**
   * Opens a file that is there, so that nothing can be written to it.
   *
   * @throws SchemaException where a server of this version has not brought it to its schema
   */
  static SqlDatabase openToRead(Path file, Clock clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.setCacheSize(-CACHE_KIBIBYTES_EACH);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return SqlDatabase.toRead(pool("metadata-look", source, 2, true), clock);
  }

  /**
   * The driver unpacks its native library; of all folders only the data's is sure to be writable.
   */
  private static void unpackNativeLibraryBelow(Path folder) throws IOException {
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      Path scratch = Files.createDirectories(folder.resolve(".sqlite"));
      System.setProperty("org.sqlite.tmpdir", scratch.toString());
    }
  }

  private static SQLiteDataSource source(String url) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    config.setCacheSize(-CACHE_KIBIBYTES_EACH);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }

  private static HikariDataSource pool(
      String name, SQLiteDataSource source, int connections, boolean readOnly) {
    HikariConfig config = new HikariConfig();
    config.setReadOnly(readOnly);
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(connections);
    // A connection to a file does not go stale.
    config.setMaxLifetime(0);
    config.setIdleTimeout(0);
    config.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
    return new HikariDataSource(config);
  }
}
