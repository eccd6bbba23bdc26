package dev.berth.registry.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what CNCF distribution writes. */
public final class TestVolume {
  /** When all of it was pushed. */
  public static final Instant PUSHED = Instant.parse("2025-06-01T12:00:00Z");

  public final Path root;
  public final Path registry;

  public TestVolume(Path root) {
    this.root = root;
    this.registry = root.resolve("docker/registry/v2");
  }

  public Path repository(String name) {
    return registry.resolve("repositories").resolve(name);
  }

  static Digest digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8));
  }

  public Path blob(Digest digest) {
    return registry.resolve(
        "blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data");
  }

  public Digest layer(String repository, String content) {
    Digest digest = store(content);
    link(repository(repository).resolve("_layers/sha256/" + digest.hex()), digest.toString());
    return digest;
  }

  public Digest manifest(String repository, String content) {
    Digest digest = store(content);
    link(revision(repository, digest), digest.toString());
    return digest;
  }

  public Path revision(String repository, Digest digest) {
    return repository(repository).resolve("_manifests/revisions/sha256/" + digest.hex());
  }

  public void tag(String repository, String tag, Digest digest) {
    Path folder = repository(repository).resolve("_manifests/tags/" + tag);
    link(folder.resolve("current"), digest.toString());
    link(folder.resolve("index/sha256/" + digest.hex()), digest.toString());
  }

  /** An image with a config and the layers, untagged. */
  public Digest image(String repository, String... layers) {
    String config =
        layer(repository, "config of " + repository + Arrays.toString(layers)).toString();
    String list =
        Arrays.stream(layers)
            .map(
                layer ->
                    descriptor(
                        "application/vnd.oci.image.layer.v1.tar+gzip",
                        layer(repository, layer),
                        layer.length()))
            .collect(Collectors.joining(","));
    return manifest(
        repository,
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": 1},
         "layers": [%s]}
        """
            .formatted(config, list));
  }

  static String descriptor(String mediaType, Digest digest, long size) {
    return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}"
        .formatted(mediaType, digest, size);
  }

  Digest store(String content) {
    Digest digest = digest(content);
    write(blob(digest), content);
    return digest;
  }

  static void link(Path folder, String content) {
    write(folder.resolve("link"), content);
  }

  static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      Files.setLastModifiedTime(file, FileTime.from(PUSHED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each file of distribution's with its content and time. */
  public Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(registry)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            registry.relativize(file).toString(),
            Files.getLastModifiedTime(file) + " " + Files.readString(file));
      }
    }
    return files;
  }
}
