package dev.berth.registry.blob.filesystem;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.stream.Stream;

/** Walks the folders of the blobs, one of 256 after the other. Makes none but the quarantine. */
public final class FilesystemStoredFiles implements StoredFiles {
  private final BlobLayout layout;

  /**
   * The store below a root.
   *
   * @param root that is there
   */
  public FilesystemStoredFiles(Path root) {
    this.layout = BlobLayout.asItIs(root);
  }

  @Override
  public Iterator<StoredFile> list() {
    // Each outer element is held whole: the folder of two digits, a 256th of all.
    return Stream.of(DigestAlgorithm.values())
        .sorted(Comparator.comparing(DigestAlgorithm::label))
        .flatMap(algorithm -> buckets(algorithm).stream().map(path -> new Bucket(algorithm, path)))
        .toList()
        .stream()
        .flatMap(bucket -> bucket.digests().stream())
        .flatMap(digest -> stored(digest).stream())
        .iterator();
  }

  private List<Path> buckets(DigestAlgorithm algorithm) {
    return children(layout.algorithm(algorithm)).stream()
        .filter(path -> path.getFileName().toString().length() == 2)
        .toList();
  }

  private record Bucket(DigestAlgorithm algorithm, Path path) {
    List<Digest> digests() {
      String begin = path.getFileName().toString();
      return children(path).stream()
          .map(child -> child.getFileName().toString())
          .filter(name -> name.startsWith(begin))
          .flatMap(name -> digest(name).stream())
          .toList();
    }

    /** File systems put things of their own into folders. */
    private Optional<Digest> digest(String name) {
      try {
        return Optional.of(new Digest(algorithm, name));
      } catch (OciException _) {
        return Optional.empty();
      }
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted(Comparator.comparing(Path::getFileName)).toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<StoredFile> stored(Digest digest) {
    try {
      return find(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<StoredFile> find(Digest digest) throws IOException {
    Path file = layout.blob(digest);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new StoredFile(digest, attributes.size(), changedAt(file, attributes)))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** A second name changes the file's state and not its bytes. */
  private static Instant changedAt(Path file, BasicFileAttributes attributes) throws IOException {
    Instant written = attributes.lastModifiedTime().toInstant();
    try {
      Instant named = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
      return named.isAfter(written) ? named : written;
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      return written;
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    return Files.newInputStream(layout.blob(digest));
  }

  @Override
  public String quarantine(Digest digest) throws IOException {
    return layout.moveAside(digest);
  }

  @Override
  public Quarantine quarantined() throws IOException {
    try (Stream<Path> aside = Files.walk(layout.quarantine(), 2)) {
      LongSummaryStatistics sizes =
          aside
              .filter(Files::isRegularFile)
              .mapToLong(file -> file.toFile().length())
              .summaryStatistics();
      return new Quarantine(sizes.getCount(), sizes.getSum());
    } catch (NoSuchFileException _) {
      return new Quarantine(0, 0);
    }
  }

  @Override
  public List<Aside> aside() throws IOException {
    List<Aside> all = new ArrayList<>();
    for (Path file : children(layout.quarantine())) {
      if (BlobLayout.isAside(file)) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        all.add(new Aside(layout.name(file), attributes.size(), changedAt(file, attributes)));
      }
    }
    all.sort(Comparator.comparing(Aside::since));
    return all;
  }

  @Override
  public void discard(Aside aside) throws IOException {
    Files.deleteIfExists(layout.named(aside.path()));
  }

  @Override
  public boolean holdsForeignRepositories() {
    return !children(layout.foreignRepositories()).isEmpty();
  }
}
