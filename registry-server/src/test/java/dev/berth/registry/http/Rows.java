package dev.berth.registry.http;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Rows of one table, written past the server: as many requests would take hours. */
final class Rows implements AutoCloseable {
  private final PreparedStatement statement;

  Rows(Connection database, String insert) throws SQLException {
    statement = database.prepareStatement(insert);
  }

  void add(Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
