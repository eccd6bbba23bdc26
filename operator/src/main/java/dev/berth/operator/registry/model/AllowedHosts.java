package dev.berth.operator.registry.model;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;

/**
 * Which external hosts of Registries nodes may be told of. Whoever owns the operator decides: a
 * Registry that names docker.io would else have all nodes pull its images instead of the world's.
 */
public final class AllowedHosts {
  /** Nodes are told the names of the cluster alone. */
  public static final AllowedHosts NONE = new AllowedHosts(List.of());

  private final List<PathMatcher> patterns;

  /**
   * Compiles them.
   *
   * @param globs of hosts, with the port where the host has one; {@code *} is any of them
   * @throws IllegalArgumentException when one is none
   */
  public AllowedHosts(List<String> globs) {
    this.patterns =
        globs.stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + normal(glob)))
            .toList();
  }

  boolean allows(String host) {
    Path name = Path.of(normal(host));
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
