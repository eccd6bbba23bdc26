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
          "%d contents looked at, %d bytes read: %s.%n",
          summary.contents(), summary.hashedBytes(), verdict(summary));
      if (summary.inFlight() > 0) {
        out.printf("%d files are of pushes that may be in flight.%n", summary.inFlight());
      }
      if (summary.lost() > 0) {
        out.printf(
            "%d contents were lost before and wait for a push of their images.%n", summary.lost());
      }
      if (summary.quarantine().files() > 0) {
        out.printf(
            "%d files with %d bytes lie in _quarantine.%n",
            summary.quarantine().files(), summary.quarantine().bytes());
      }
    }
    out.flush();
  }

  private String verdict(Summary summary) {
    if (summary.problems() == 0) {
      return "all is well";
    }
    return repair
        ? summary.problems() + " problems, " + summary.mended() + " of them repaired"
        : summary.problems() + " problems; --repair repairs what can be";
  }

  private void print(Object line) {
    try {
      out.println(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
