package dev.berth.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * All that a benchmark found.
 *
 * @param settings what it did
 */
record Report(Machine machine, Settings settings, List<RegistryReport> registries) {

  /** What has to be the same where figures are compared. */
  record Settings(int runs, double seconds, int largeMib, int images, int smallImages, int tags) {

    private static final double MILLIS_PER_SECOND = 1e3;

    static Settings of(int runs, Scale scale) {
      return new Settings(
          runs,
          scale.timed().toMillis() / MILLIS_PER_SECOND,
          scale.largeMib(),
          scale.images(),
          scale.smallImages(),
          scale.tags());
    }
  }

  Report {
    registries = List.copyOf(registries);
  }

  String json() {
    try {
      return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(this)
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("records of numbers and strings always serialize", e);
    }
  }

  /** For a terminal. */
  String table() {
    return ReportTable.of(this);
  }
}
