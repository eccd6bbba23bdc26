package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

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

  /** Digests of all content that lies there. */
  Set<String> files() throws IOException {
    Set<String> digests = new TreeSet<>();
    for (Path file : blobFiles()) {
      Path path = blobs().relativize(file);
      digests.add(path.getName(0) + ":" + path.getName(2));
    }
    return digests;
  }

  long bytes() throws IOException {
    return blobFiles().stream().mapToLong(file -> file.toFile().length()).sum();
  }

  private List<Path> blobFiles() throws IOException {
    try (Stream<Path> all = Files.walk(blobs())) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /**
   * Digests of what the tags name, of all below and of what refers to it.
   *
   * @param manifests that count as named, where they are there
   */
  Set<String> reachable(Set<String> manifests) throws SQLException, IOException {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("berth.db"))) {
      List<String> there =
          column(database, "select digest from manifests where removed_at is null");
      Set<String> reached = new TreeSet<>();
      Deque<String> next = new ArrayDeque<>(column(database, "select digest from tags"));
      there.stream().filter(manifests::contains).forEach(next::add);
      while (!next.isEmpty()) {
        String digest = next.remove();
        if (reached.add(digest) && there.contains(digest)) {
          JsonNode manifest = new ObjectMapper().readTree(file(Digest.parse(digest)).toFile());
          manifest.path("manifests").forEach(child -> next.add(child.path("digest").asText()));
          manifest.path("layers").forEach(layer -> next.add(layer.path("digest").asText()));
          if (manifest.has("config")) {
            next.add(manifest.path("config").path("digest").asText());
          }
          next.addAll(
              column(
                  database,
                  "select digest from manifests where removed_at is null and subject = '"
                      + digest
                      + "'"));
        }
      }
      return reached;
    }
  }

  private Path blobs() {
    return data.resolve("docker/registry/v2/blobs");
  }

  private Path file(Digest digest) {
    return blobs()
        .resolve(digest.algorithm().label())
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex())
        .resolve("data");
  }

  private void assertBytes(Digest digest) throws IOException {
    Path file = file(digest);
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
