package dev.berth.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Images in a folder as the OCI image specification lays them out, made of random bytes that are
 * the same for a seed.
 */
final class OciLayout {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private record Descriptor(String mediaType, String digest, long size, String diffId) {
    String json(String more) {
      return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
          .formatted(mediaType, digest, size, more);
    }
  }

  private final Path folder;
  private final Random random;

  OciLayout(Path folder, long seed) throws IOException {
    this.folder = folder;
    this.random = new Random(seed);
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /** Makes the layout one image of that many layers. */
  void image(int layers, int layerBytes) throws IOException {
    entry(manifest("amd64", layers, layerBytes));
  }

  /** Makes the layout one index of two platforms. */
  void index(int layerBytes) throws IOException {
    Descriptor amd64 = manifest("amd64", 1, layerBytes);
    Descriptor arm64 = manifest("arm64", 2, layerBytes);
    entry(
        text(
            INDEX,
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                .formatted(INDEX, amd64.json(platform("amd64")), arm64.json(platform("arm64")))));
  }

  /** The content of every blob by its name. */
  static Map<String, String> blobs(Path layout) throws IOException {
    try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString(), OciLayout::sha256, (a, b) -> a, TreeMap::new));
    }
  }

  private static String platform(String architecture) {
    return ",\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"}".formatted(architecture);
  }

  private void entry(Descriptor root) throws IOException {
    Files.writeString(
        folder.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[%s]}"
            .formatted(
                root.json(",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\"}")));
  }

  private Descriptor manifest(String architecture, int layers, int layerBytes) throws IOException {
    List<Descriptor> made = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      made.add(layer(layerBytes));
    }
    Descriptor config =
        text(
            "application/vnd.oci.image.config.v1+json",
            "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                .formatted(
                    architecture,
                    made.stream()
                        .map(layer -> "\"" + layer.diffId() + "\"")
                        .collect(Collectors.joining(","))));
    return text(
        MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MANIFEST,
                config.json(""),
                made.stream().map(layer -> layer.json("")).collect(Collectors.joining(","))));
  }

  /**
   * Clients check that what is called gzip is gzip; random bytes would only be slower to compress.
   */
  private Descriptor layer(int bytes) throws IOException {
    Path file = folder.resolve("blobs/sha256/layer");
    MessageDigest packed = digest();
    MessageDigest unpacked = digest();
    try (OutputStream out =
        new DigestOutputStream(
            new GZIPOutputStream(
                new DigestOutputStream(Files.newOutputStream(file), packed), 1 << 16) {
              {
                def.setLevel(Deflater.NO_COMPRESSION);
              }
            },
            unpacked)) {
      byte[] chunk = new byte[1 << 16];
      for (int left = bytes; left > 0; left -= chunk.length) {
        random.nextBytes(chunk);
        out.write(chunk, 0, Math.min(left, chunk.length));
      }
    }
    String hex = HexFormat.of().formatHex(packed.digest());
    Files.move(file, file.resolveSibling(hex));
    return new Descriptor(
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "sha256:" + hex,
        Files.size(file.resolveSibling(hex)),
        "sha256:" + HexFormat.of().formatHex(unpacked.digest()));
  }

  private Descriptor text(String mediaType, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(digest().digest(bytes));
    Files.write(folder.resolve("blobs/sha256").resolve(hex), bytes);
    return new Descriptor(mediaType, "sha256:" + hex, bytes.length, "");
  }

  private static String sha256(Path file) {
    MessageDigest digest = digest();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
