package dev.berth.registry.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with a configuration file, and the line of every key in it. */
public final class Problems {
  private final Path file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<String> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  void located(String key, int line) {
    lines.putIfAbsent(key, line);
  }

  /**
   * Adds a problem of a key, which may be absent: then it is placed where its section begins.
   *
   * @param key path of the key, such as {@code http.tls.certificate}
   */
  public void add(String key, String message) {
    addAt(line(key), key + ": " + message);
  }

  void addAt(int line, String message) {
    found.add(file + ":" + line + ": " + message);
  }

  /**
   * Ends the reading of a configuration that has problems.
   *
   * @throws InvalidConfigurationException with all that were added
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidConfigurationException(found);
    }
  }

  private int line(String key) {
    for (String at = key; ; at = at.substring(0, at.lastIndexOf('.'))) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      if (at.indexOf('.') < 0) {
        return 1;
      }
    }
  }
}
