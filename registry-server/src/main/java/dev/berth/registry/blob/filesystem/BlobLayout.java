package dev.berth.registry.blob.filesystem;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Which file holds what below the root. */
final class BlobLayout {
  /** File systems put things of their own into folders. */
  private static final Pattern UPLOAD =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final Pattern ASIDE = Pattern.compile("[a-z0-9]+-[0-9a-f]{64,128}-" + UPLOAD);

  private final Path root;
  private final Path blobs;
  private final Path uploads;

  /** The few folders above those of single blobs that this process has seen flushed. */
  private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

  private BlobLayout(Path root) {
    this.root = root;
    this.blobs = root.resolve("docker/registry/v2/blobs");
    this.uploads = root.resolve("_uploads");
  }

  /** Of which nothing is made yet. */
  static BlobLayout asItIs(Path root) {
    return new BlobLayout(root);
  }

  /** Whose folders are there for good. */
  static BlobLayout made(Path root) throws IOException {
    BlobLayout layout = new BlobLayout(root);
    Files.createDirectories(layout.blobs);
    Files.createDirectories(layout.uploads);
    // Once here: what is flushed of a blob later counts only as far as its folders can be found.
    for (String above : List.of("docker/registry/v2", "docker/registry", "docker")) {
      flush(root.resolve(above));
    }
    flush(root);
    return layout;
  }

  Path algorithm(DigestAlgorithm algorithm) {
    return blobs.resolve(algorithm.label());
  }

  Path quarantine() {
    return root.resolve("_quarantine");
  }

  /** Where CNCF distribution says which repository holds what. */
  Path foreignRepositories() {
    return root.resolve("docker/registry/v2/repositories");
  }

  /**
   * Moves a blob out of everybody's way, durably.
   *
   * @return where it lies now, below the root
   */
  String moveAside(Digest digest) throws IOException {
    Path aside = Files.createDirectories(quarantine());
    flush(root);
    Path kept =
        aside.resolve(digest.algorithm().label() + "-" + digest.hex() + "-" + UUID.randomUUID());
    move(blob(digest), kept);
    flush(aside);
    flush(folder(digest));
    return name(kept);
  }

  /** Whether a file got its name by being moved aside: others may keep things there too. */
  static boolean isAside(Path file) {
    return ASIDE.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
  }

  /** What a file is called below the root. */
  String name(Path file) {
    return root.relativize(file).toString();
  }

  Path named(String name) {
    return root.resolve(name);
  }

  Path blob(Digest digest) {
    return folder(digest).resolve("data");
  }

  Path folder(Digest digest) {
    return bucket(digest).resolve(digest.hex());
  }

  private Path bucket(Digest digest) {
    return algorithm(digest.algorithm()).resolve(digest.hex().substring(0, 2));
  }

  /** An upload's name comes back from clients; only a UUID becomes part of a path. */
  Path upload(String id) {
    return uploads.resolve(UUID.fromString(id).toString());
  }

  /** Those that have not been written to since. */
  List<String> uploads(Instant since) throws IOException {
    List<String> idle = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(uploads)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (UPLOAD.matcher(name).matches() && isBefore(file, since)) {
          idle.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return idle;
  }

  private static boolean isBefore(Path file, Instant since) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(since);
    } catch (NoSuchFileException _) {
      // It became a blob, or was dropped, in the meantime.
      return false;
    }
  }

  /**
   * Gives a file that is durable its final name, durably: each folder that gained an entry is
   * flushed.
   */
  void publish(Path file, Digest digest) throws IOException {
    Path bucket = bucket(digest);
    if (!durableFolders.contains(bucket)) {
      Files.createDirectories(bucket);
      flush(blobs);
      flush(blobs.resolve(digest.algorithm().label()));
      durableFolders.add(bucket);
    }
    Path folder = Files.createDirectories(folder(digest));
    name(file, folder.resolve("data"));
    flush(folder);
    flush(bucket);
  }

  /**
   * As a second link where the file system has links and nothing has the name yet: the first one
   * tells what to look at after a crash.
   */
  private static void name(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (FileAlreadyExistsException | UnsupportedOperationException _) {
      move(file, name);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (isFull(e)) {
        throw e;
      }
      move(file, name);
    }
  }

  private static boolean isFull(FileSystemException problem) {
    String reason = problem.getReason();
    return reason != null && (reason.contains("space") || reason.contains("quota"));
  }

  private static void move(Path file, Path name) throws IOException {
    try {
      Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("_uploads, _quarantine and docker must be on one file system", e);
    }
  }

  /** Whether a file has another name: it is stored content, and must not be written to. */
  static boolean isPublished(Path file) throws IOException {
    try {
      return ((Number) Files.getAttribute(file, "unix:nlink")).intValue() > 1;
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      // No links, and none made.
      return false;
    }
  }

  /** Whether the content of a digest is this very file, under its second name. */
  boolean isPublishedAs(Path file, Digest digest) throws IOException {
    Path content = blob(digest);
    return Files.exists(file)
        && isPublished(file)
        && Files.exists(content)
        && Files.isSameFile(content, file);
  }

  /** Deletes a blob; no error where there is none. */
  void delete(Digest digest) throws IOException {
    Files.deleteIfExists(blob(digest));
    try {
      Files.deleteIfExists(folder(digest));
    } catch (DirectoryNotEmptyException _) {
      // File systems put things of their own beside a file: its space is free nevertheless.
    }
  }

  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
