package dev.berth.registry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can be restored, for people. */
final class RemovedTable {
  private static final List<String> HEAD =
      List.of("REPOSITORY", "KIND", "REFERENCE", "BYTES", "REMOVED", "UNTIL", "REASON");

  private RemovedTable() {}

  static String of(List<JsonNode> removed) {
    if (removed.isEmpty()) {
      return "nothing was removed within the undo window\n";
    }
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    removed.forEach(entry -> rows.add(row(entry)));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, column -> Math.max(widths[column], row.get(column).length()));
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        line.append(cell).repeat(' ', widths[column] - cell.length() + 2);
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private static List<String> row(JsonNode entry) {
    return List.of(
        entry.path("repository").asText(),
        entry.path("kind").asText(),
        entry.path("reference").asText(),
        entry.path("bytes").asText(),
        time(entry, "removedAt"),
        time(entry, "goneAt"),
        entry.path("reason").asText());
  }

  /** To the second. */
  private static String time(JsonNode entry, String field) {
    return entry.path(field).asText().replaceFirst("\\.\\d+Z$", "Z");
  }
}
