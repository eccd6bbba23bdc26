package dev.berth.registry.retention;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** Globs of tags, as those of {@code immutableTags} are. */
final class TagGlobs {
  private final List<PathMatcher> matchers;

  /**
   * Compiles them.
   *
   * @param field where they stand, for messages
   * @throws IllegalArgumentException when one is none
   */
  TagGlobs(String field, List<String> globs) {
    matchers = globs.stream().map(glob -> matcher(field, glob)).toList();
  }

  private static PathMatcher matcher(String field, String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          field + " has '" + glob + "', which is no glob: " + e.getDescription(), e);
    }
  }

  boolean match(String tag) {
    Path name = Path.of(tag);
    return matchers.stream().anyMatch(matcher -> matcher.matches(name));
  }
}
