package dev.berth.embedded.table;

import static dev.berth.embedded.table.BuiltInColumns.at;
import static dev.berth.embedded.table.Column.NAME;
import static dev.berth.embedded.table.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** Columns of events, which have their times and their object in several places. */
final class EventColumns {
  static final List<Column> ALL =
      List.of(
          new Column(
              "Last Seen", "string", "", 0, (o, now) -> Column.text(Age.since(lastSeen(o), now))),
          text("Type", at("/type")),
          text("Reason", at("/reason")),
          text("Object", EventColumns::involved),
          text("Source", at("/source/component")).wide(),
          text("Message", o -> o.path("message").asText(o.path("note").asText("")).strip()),
          new Column(NAME.name(), "string", "name", 1, NAME.cell()));

  private EventColumns() {}

  private static String involved(JsonNode event) {
    JsonNode object =
        event.has("involvedObject") ? event.path("involvedObject") : event.path("regarding");
    return object.path("kind").asText().toLowerCase(Locale.ROOT)
        + "/"
        + object.path("name").asText();
  }

  private static String lastSeen(JsonNode event) {
    for (String pointer :
        List.of("/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/firstTimestamp")) {
      String time = event.at(pointer).asText("");
      if (!time.isEmpty() && !time.equals("null")) {
        return time;
      }
    }
    return event.at("/metadata/creationTimestamp").asText();
  }
}
