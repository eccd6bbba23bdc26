package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What lies on the disk, seen past the server. */
record StoredContent(Path data) {

  /** The database is sound, and what it names is there with the bytes of its digest. */
  void assertSound() throws SQLException, IOException {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("berth.db"))) {
      assertThat(column(database, "pragma integrity_check")).containsExactly("ok");
      assertThat(column(database, "pragma foreign_key_check")).isEmpty();
      for (String digest : column(database, "select digest from blobs")) {
        assertBytes(Digest.parse(digest));
      }
    }
  }

  /** Bytes that the repositories hold, added up anew. */
  static long heldBytes(Path data) {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("berth.db"));
        Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select coalesce(sum(b.size), 0)
                  from (select digest from repository_blobs where removed_at is null
                        union all
                        select digest from manifests where removed_at is null) held
                  join blobs b on b.digest = held.digest
                """)) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertBytes(Digest digest) throws IOException {
    Path file =
        data.resolve("docker/registry/v2/blobs")
            .resolve(digest.algorithm().label())
            .resolve(digest.hex().substring(0, 2))
            .resolve(digest.hex())
            .resolve("data");
    MessageDigest hasher = digest.algorithm().hasher();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), hasher)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(Digest.of(digest.algorithm(), hasher)).isEqualTo(digest);
  }

  private static List<String> column(Connection database, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
