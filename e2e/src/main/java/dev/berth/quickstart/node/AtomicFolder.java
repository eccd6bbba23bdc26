package dev.berth.quickstart.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder whose files all change in one step, the way a kubelet lays out a Secret: the files lie
 * in a hidden folder named by their content, the link {@code ..data} points at it, and each visible
 * name is a link through {@code ..data}. Swapping that one link swaps every file.
 */
final class AtomicFolder {

  private static final String DATA = "..data";
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private final Path folder;

  AtomicFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder hold exactly these files; does nothing when it does already. */
  void write(Map<String, FileContent> files) throws IOException {
    SortedMap<String, FileContent> sorted = new TreeMap<>(files);
    sorted.keySet().forEach(AtomicFolder::check);
    Files.createDirectories(folder);
    Path link = folder.resolve(DATA);
    Path version = folder.resolve(".." + digest(sorted));
    Path before = Files.isSymbolicLink(link) ? folder.resolve(Files.readSymbolicLink(link)) : null;
    if (version.equals(before) && Files.isDirectory(version)) {
      return;
    }
    fill(version, sorted);
    Path swap = folder.resolve("..data_tmp");
    Files.deleteIfExists(swap);
    Files.createSymbolicLink(swap, version.getFileName());
    Files.move(swap, link, StandardCopyOption.ATOMIC_MOVE);
    linkNames(sorted.keySet().stream().map(AtomicFolder::first).collect(Collectors.toSet()));
    if (before != null && !before.equals(version)) {
      FileTrees.delete(before);
    }
  }

  private void fill(Path version, Map<String, FileContent> files) throws IOException {
    FileTrees.delete(version);
    Path unfinished = folder.resolve("..unfinished");
    FileTrees.delete(unfinished);
    Files.createDirectories(unfinished);
    for (Map.Entry<String, FileContent> entry : files.entrySet()) {
      Path file = PathRules.below(unfinished, entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue().toArray());
      Files.setPosixFilePermissions(file, permissions(entry.getValue().mode()));
    }
    Files.move(unfinished, version, StandardCopyOption.ATOMIC_MOVE);
  }

  private void linkNames(Set<String> names) throws IOException {
    try (Stream<Path> present = Files.list(folder)) {
      for (Path path : present.toList()) {
        String name = path.getFileName().toString();
        if (!name.startsWith("..") && !names.contains(name)) {
          FileTrees.delete(path);
        }
      }
    }
    for (String name : names) {
      Path visible = folder.resolve(name);
      if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(visible, Path.of(DATA, name));
      }
    }
  }

  private static void check(String path) {
    if (first(path).startsWith("..")) {
      throw new InvalidSpecException("the file \"" + path + "\" must not begin with \"..\"");
    }
    if (PathRules.below(Path.of("/"), path).equals(Path.of("/"))) {
      throw new InvalidSpecException("\"" + path + "\" names no file");
    }
  }

  private static String first(String path) {
    return Path.of(path).normalize().getName(0).toString();
  }

  private static String digest(SortedMap<String, FileContent> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, content) -> {
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            digest.update(
                ByteBuffer.allocate(12)
                    .putInt(name.length)
                    .putInt(content.mode())
                    .putInt(content.bytes().remaining())
                    .flip());
            digest.update(name);
            digest.update(content.bytes().duplicate());
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    // The owner, who is whoever runs the node, can always read: there is no other user in a pod
    // here.
    Set<PosixFilePermission> result = EnumSet.of(PosixFilePermission.OWNER_READ);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        result.add(BITS[bit]);
      }
    }
    return result;
  }
}
