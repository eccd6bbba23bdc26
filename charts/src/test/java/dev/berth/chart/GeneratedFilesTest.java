package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is made of the schema of the values, and of the project's version. */
class GeneratedFilesTest {
  private static final Path CHART = Path.of("berth");
  private static final String BEGIN = "<!-- generated from values.schema.json -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void everyValueIsDescribedAndHasADefault() throws IOException {
    assertThat(ValuesSchema.read(CHART).values())
        .isNotEmpty()
        .allSatisfy(
            value -> {
              assertThat(value.description()).as(value.path()).isNotEmpty();
              assertThat(value.isGroup() || !value.defaultValue().isMissingNode())
                  .as(value.path())
                  .isTrue();
            });
  }

  @Test
  void theReadmeListsTheValues() throws IOException {
    Path readme = CHART.resolve("README.md");
    String text = Files.readString(readme);
    int begin = text.indexOf(BEGIN) + BEGIN.length();

    GeneratedFile.assertCurrent(
        readme,
        text.substring(0, begin)
            + ValuesSchema.read(CHART).table()
            + text.substring(text.indexOf(END)));
  }

  @Test
  void theValuesAreTheDefaultsOfTheSchema() throws IOException {
    GeneratedFile.assertCurrent(
        CHART.resolve("values.yaml"), ValuesSchema.read(CHART).valuesFile());
  }

  @Test
  void theChartHasTheProjectsVersion() throws IOException {
    Path file = CHART.resolve("Chart.yaml");
    String version = System.getProperty("project.version");

    GeneratedFile.assertCurrent(
        file,
        Files.readString(file)
            .replaceFirst("(?m)^version: .*$", "version: " + version)
            .replaceFirst("(?m)^appVersion: .*$", "appVersion: " + version));
  }
}
