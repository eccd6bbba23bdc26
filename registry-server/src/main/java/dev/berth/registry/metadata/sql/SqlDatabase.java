package dev.berth.registry.metadata.sql;

import com.zaxxer.hikari.HikariDataSource;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.metadata.SchemaException;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Runs statements; what writes goes through connections of its own, each time in a transaction. */
final class SqlDatabase implements AutoCloseable {
  private static final String UNFLUSHED = "pragma synchronous = normal";
  private static final String FLUSHED = "pragma synchronous = full";

  private final HikariDataSource readPool;
  private final HikariDataSource writePool;
  private final Jdbi reading;
  private final Jdbi writing;
  private final Clock clock;

  SqlDatabase(HikariDataSource readPool, HikariDataSource writePool, Clock clock) {
    this(readPool, writePool, clock, true);
  }

  private SqlDatabase(
      HikariDataSource readPool, HikariDataSource writePool, Clock clock, boolean migrate) {
    this.readPool = readPool;
    this.writePool = writePool;
    this.clock = clock;
    if (migrate) {
      flyway(writePool).migrate();
    }
    this.reading = Jdbi.create(readPool);
    this.writing = Jdbi.create(writePool);
  }

  /**
   * A database that is not written to.
   *
   * @throws SchemaException where it is not of this version
   */
  static SqlDatabase toRead(HikariDataSource pool, Clock clock) {
    if (flyway(pool).info().pending().length > 0) {
      pool.close();
      throw new SchemaException(
          "the database was written by an older version: start the server of this version once");
    }
    return new SqlDatabase(pool, pool, clock, false);
  }

  private static Flyway flyway(DataSource dataSource) {
    return Flyway.configure().dataSource(dataSource).locations("classpath:db/migration").load();
  }

  <T> T read(Function<Handle, T> query) {
    EventLoop.leave();
    return reading.withHandle(query::apply);
  }

  <T> T write(Function<Handle, T> statements) {
    EventLoop.leave();
    return writing.inTransaction(statements::apply);
  }

  /**
   * Writes what a power cut may undo, though not the end of this process: a session of an upload
   * that is lost is begun again, and nothing that was promised is lost with it. Saves a flush of
   * the disk.
   */
  <T> T writeUnflushed(Function<Handle, T> statements) {
    EventLoop.leave();
    return writing.withHandle(
        handle -> {
          handle.execute(UNFLUSHED);
          try {
            return handle.inTransaction(statements::apply);
          } finally {
            handle.execute(FLUSHED);
          }
        });
  }

  void change(Consumer<Handle> statements) {
    EventLoop.leave();
    writing.useTransaction(statements::accept);
  }

  long now() {
    return clock.millis();
  }

  @Override
  public void close() {
    readPool.close();
    writePool.close();
  }
}
