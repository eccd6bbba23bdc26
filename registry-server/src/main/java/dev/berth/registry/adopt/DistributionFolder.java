package dev.berth.registry.adopt;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What CNCF distribution keeps below the folder that its configuration calls {@code rootdirectory}.
 * Nothing here is ever written.
 *
 * @see <a
 *     href="https://github.com/distribution/distribution/blob/main/registry/storage/paths.go">paths.go</a>
 */
final class DistributionFolder {
  private final Path registry;

  DistributionFolder(Path root) {
    this.registry = root.resolve("docker/registry/v2");
  }

  /** Repositories lie here, each in the folders of its name. */
  Path repositories() {
    return registry.resolve("repositories");
  }

  boolean hasRepositories() {
    return Files.isDirectory(repositories());
  }

  /** As it is reported: a name on the disk may hold anything. */
  String shown(Path path) {
    return registry.relativize(path).toString().replaceAll("[\\p{Cntrl}\\x{FFFD}]", "?");
  }

  /** What a path is itself, not what a symbolic link would lead to. Empty: nothing. */
  static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** What is done with some entries of a folder. */
  interface Some {
    void take(List<Path> entries) throws IOException;
  }

  /**
   * Lists a folder in pieces, in no order: it may have any number of entries.
   *
   * @param size of a piece
   */
  static void list(Path folder, int size, Some some) throws IOException {
    List<Path> piece = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        piece.add(entry);
        if (piece.size() == size) {
          some.take(piece);
          piece.clear();
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (!piece.isEmpty()) {
      some.take(piece);
    }
  }
}
