package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the chart that is made of something else, and checked in. */
final class GeneratedFile {
  static final String COMMAND =
      "mvn -B -pl charts -am test -Dtest=GeneratedFilesTest,DefinitionsTest -Dsurefire.failIfNoSpecifiedTests=false -Dchart.regenerate=true";

  private GeneratedFile() {}

  /**
   * Fails when the file is not as it should be, or writes it with {@code -Dchart.regenerate=true}.
   */
  static void assertCurrent(Path file, String content) throws IOException {
    if (Boolean.getBoolean("chart.regenerate")) {
      Files.writeString(file, content);
    }
    assertThat(Files.readString(file))
        .as("%s is out of date: %s", file, COMMAND)
        .isEqualTo(content);
  }
}
