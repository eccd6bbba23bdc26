package dev.berth.registry.http;

import dev.berth.registry.oci.MediaTypes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Images in one repository, written past the server: as many requests would take hours. All of it
 * is there once it was committed.
 */
final class Rows implements AutoCloseable {
  private final Connection database;
  private final String repository;
  private final long at;
  private final PreparedStatement blobs;
  private final PreparedStatement manifests;
  private final PreparedStatement links;
  private final PreparedStatement references;
  private final PreparedStatement tags;

  /**
   * Opens the database of a server that does not run.
   *
   * @param repository its key
   * @param at when all of it was pushed, in milliseconds since 1970
   */
  Rows(Path data, String repository, long at) throws SQLException {
    this.repository = repository;
    this.at = at;
    database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("berth.db"));
    try (Statement statement = database.createStatement()) {
      statement.execute("pragma synchronous = off");
      statement.execute("pragma cache_size = -1000000");
    }
    database.setAutoCommit(false);
    blobs = prepare("blobs (digest, size, created_at) values (?, ?, ?)");
    manifests =
        prepare("manifests (repository, digest, media_type, pushed_at) values (?, ?, ?, ?)");
    links = prepare("repository_blobs (repository, digest, linked_at) values (?, ?, ?)");
    references =
        prepare("manifest_references (repository, manifest, target, kind) values (?, ?, ?, ?)");
    tags = prepare("tags (repository, name, digest, updated_at) values (?, ?, ?, ?)");
  }

  private PreparedStatement prepare(String row) throws SQLException {
    return database.prepareStatement("insert into " + row);
  }

  void manifest(String digest, long size) throws SQLException {
    add(blobs, digest, size, at);
    add(manifests, repository, digest, MediaTypes.OCI_MANIFEST, at);
  }

  /** After its manifest. */
  void layer(String manifest, String digest, long size) throws SQLException {
    add(blobs, digest, size, at);
    add(links, repository, digest, at);
    add(references, repository, manifest, digest, "LAYER");
  }

  void tag(String name, String manifest) throws SQLException {
    add(tags, repository, name, manifest, at);
  }

  private static void add(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.executeUpdate();
  }

  void commit() throws SQLException {
    database.commit();
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
