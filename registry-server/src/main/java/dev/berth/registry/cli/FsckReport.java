package dev.berth.registry.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.registry.fsck.Finding;
import dev.berth.registry.fsck.StorageCheck.Summary;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Says what was found, at once: there may be more than fits into memory. */
final class FsckReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final boolean json;
  private final boolean repair;

  FsckReport(PrintWriter out, boolean json, boolean repair) {
    this.out = out;
    this.json = json;
    this.repair = repair;
  }

  void finding(Finding finding) {
    String kind = word(finding.kind());
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("kind", kind);
      line.put("subject", finding.subject());
      line.put("detail", finding.detail());
      line.put("users", finding.users());
      line.put("done", finding.done());
      print(line);
    } else {
      out.println(
          kind
              + " "
              + finding.subject()
              + ": "
              + finding.detail()
              + (finding.users().isEmpty() ? "" : "; of " + String.join(", ", finding.users()))
              + (finding.done().isEmpty() ? "" : "; " + finding.done()));
    }
    out.flush();
  }

  /** {@code ContentMissing}. */
  private static String word(Finding.Kind kind) {
    StringBuilder word = new StringBuilder();
    for (String part : kind.name().split("_", -1)) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }

  void summary(Summary summary) {
    if (json) {
      print(Map.of("summary", summary));
    } else {
      out.printf(
          "%s looked at, %s read: %s.%n",
          Count.of(summary.contents(), "content"),
          Count.of(summary.hashedBytes(), "byte"),
          verdict(summary));
      if (summary.inFlight() > 0) {
        out.printf("Maybe of pushes in flight: %s.%n", Count.of(summary.inFlight(), "file"));
      }
      if (summary.lost() > 0) {
        out.printf(
            "Lost before, until images that have it are pushed: %s.%n",
            Count.of(summary.lost(), "content"));
      }
      if (summary.quarantine().files() > 0) {
        out.printf(
            "_quarantine holds %s, %s.%n",
            Count.of(summary.quarantine().files(), "file"),
            Count.of(summary.quarantine().bytes(), "byte"));
      }
    }
    out.flush();
  }

  private String verdict(Summary summary) {
    if (summary.problems() == 0) {
      return "all is well";
    }
    return repair
        ? "%s, %d repaired".formatted(Count.of(summary.problems(), "problem"), summary.mended())
        : Count.of(summary.problems(), "problem") + "; --repair repairs what can be";
  }

  private void print(Object line) {
    try {
      out.println(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
