package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The folder that plays a container's root: each mount is a link at its path below it. A plain
 * process sees the machine's own root, so the mount paths in its command line, environment and
 * working directory are rewritten to lie below this folder.
 */
final class RootFolder {

  private final Path root;
  private final Set<Path> mounts = new HashSet<>();
  private final Pattern mountPaths;

  private RootFolder(Path root, Pattern mountPaths) {
    this.root = root;
    this.mountPaths = mountPaths;
  }

  /**
   * Lays it out anew: what the container wrote outside its volumes is forgotten, as in a new
   * container.
   */
  static RootFolder layOut(Path root, Container container, Map<String, Path> volumes)
      throws IOException {
    FileTrees.delete(root);
    Files.createDirectories(root);
    List<VolumeMount> ordered =
        container.getVolumeMounts().stream()
            .sorted(Comparator.comparingInt((VolumeMount m) -> m.getMountPath().length()))
            .toList();
    RootFolder result = new RootFolder(root, pattern(ordered));
    for (VolumeMount mount : ordered) {
      result.link(mount, volumes);
    }
    return result;
  }

  /** The working directory, made when no mount made it. */
  Path workingDirectory(Container container) throws IOException {
    String wanted = container.getWorkingDir();
    return wanted == null || wanted.isEmpty() ? root : directory(PathRules.inside(root, wanted));
  }

  /** A folder of the container, made when no mount made it. */
  Path directory(String absolute) throws IOException {
    return directory(PathRules.inside(root, absolute));
  }

  /** The text with every mount path in it replaced by where the mount is. */
  String rewrite(String text) {
    return mountPaths.matcher(text).replaceAll(m -> Matcher.quoteReplacement(root + m.group()));
  }

  private void link(VolumeMount mount, Map<String, Path> volumes) throws IOException {
    Path volume = volumes.get(mount.getName());
    if (volume == null) {
      throw new InvalidSpecException("there is no volume \"" + mount.getName() + "\" to mount");
    }
    Path at = PathRules.inside(root, mount.getMountPath());
    if (at.equals(root)) {
      throw new InvalidSpecException("a volume cannot be mounted at /");
    }
    directory(at.resolveSibling(""));
    if (Files.isSymbolicLink(at) && !mounts.contains(at)) {
      // Inside another volume a link is left from an earlier start.
      Files.delete(at);
    }
    if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidSpecException(
          "\"" + mount.getMountPath() + "\" is there already; mount the volume elsewhere");
    }
    Files.createSymbolicLink(at, source(mount, volume));
    mounts.add(at);
  }

  private static Path source(VolumeMount mount, Path volume) throws IOException {
    if (mount.getSubPath() == null || mount.getSubPath().isEmpty()) {
      return volume;
    }
    Path source = PathRules.below(volume, mount.getSubPath());
    if (!Files.exists(source)) {
      Files.createDirectories(source);
    }
    if (!source.toRealPath().startsWith(volume.toRealPath())) {
      throw new InvalidSpecException(
          "subPath \"" + mount.getSubPath() + "\" leaves its volume through a link");
    }
    return source;
  }

  /** Makes a folder below the root without following any link but our own mounts. */
  private Path directory(Path wanted) throws IOException {
    Path at = root;
    for (Path part : root.relativize(wanted)) {
      if (part.toString().isEmpty()) {
        continue;
      }
      at = at.resolve(part);
      if (Files.isSymbolicLink(at)) {
        if (!mounts.contains(at)) {
          throw new InvalidSpecException("\"" + root.relativize(at) + "\" is a link in a volume");
        }
      } else if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(at);
      }
    }
    return at;
  }

  private static Pattern pattern(List<VolumeMount> mounts) {
    String paths =
        mounts.stream()
            .map(VolumeMount::getMountPath)
            .map(
                path ->
                    path.length() > 1 && path.endsWith("/")
                        ? path.substring(0, path.length() - 1)
                        : path)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return mounts.isEmpty()
        ? Pattern.compile("(?!)")
        : Pattern.compile("(?<![\\w./-])(?:" + paths + ")(?![\\w.-])");
  }
}
