package dev.berth.operator.registry.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the server takes of an htpasswd file: a user and a bcrypt hash a line. */
final class Htpasswd {
  private static final Pattern LINE =
      Pattern.compile("[^:\\p{Cntrl}]+:\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");

  private Htpasswd() {}

  /**
   * The first line that the server would refuse, by its number alone: its text may hold a password.
   */
  static Optional<String> problem(String content) {
    List<String> lines = content.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isEmpty() && !line.startsWith("#") && !LINE.matcher(line).matches()) {
        return Optional.of(
            "line %d is not user:bcrypt-hash, as htpasswd -B writes it".formatted(i + 1));
      }
    }
    return Optional.empty();
  }
}
