package dev.berth.quickstart.node;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Turns names that came from the API into paths. A pod specification is another person's input:
 * none of its names may reach outside the folder that it is meant for.
 */
final class PathRules {

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,253}");

  private PathRules() {}

  /** One folder or file name. */
  static String segment(String name) {
    if (!SEGMENT.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new InvalidSpecException("the name \"" + name + "\" cannot be a file name");
    }
    return name;
  }

  /** A path below a folder, as a volume item's {@code path} or a {@code subPath} gives it. */
  static Path below(Path folder, String relative) {
    if (relative.isEmpty() || relative.startsWith("/") || relative.indexOf('\0') >= 0) {
      throw new InvalidSpecException("\"" + relative + "\" must be a relative path");
    }
    Path result = folder;
    for (String part : relative.split("/", -1)) {
      if (part.equals("..")) {
        throw new InvalidSpecException("\"" + relative + "\" must not contain \"..\"");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        result = result.resolve(part);
      }
    }
    return result;
  }

  /** Where an absolute path of a container is below the folder that plays its root. */
  static Path inside(Path root, String absolute) {
    if (!absolute.startsWith("/")) {
      throw new InvalidSpecException("\"" + absolute + "\" must be an absolute path");
    }
    String relative = absolute.substring(1);
    return relative.isEmpty() ? root : below(root, relative);
  }
}
