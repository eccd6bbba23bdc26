package dev.berth.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what a release publishes: the chart's archive, and one file for {@code kubectl apply}. */
public final class ReleaseFiles {
  private static final String NAMESPACE = "berth-system";
  private static final String HEAD =
      """
      # Berth's definitions and operator, for a cluster without Helm:
      #   kubectl apply -f berth.yaml
      # Rendered from the chart with its own values, in the namespace %s.
      """
          .formatted(NAMESPACE);

  private ReleaseFiles() {}

  /** Arguments: the chart's folder, and where to write. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("Usage: ReleaseFiles CHART_FOLDER DESTINATION");
      System.exit(2);
    }
    Chart chart = new Chart(Path.of(arguments[0]));
    Path destination = Path.of(arguments[1]);
    chart.packInto(destination);
    Files.writeString(destination.resolve("berth.yaml"), manifest(chart));
  }

  /** The file for {@code kubectl apply}. */
  static String manifest(Chart chart) {
    return HEAD
        + chart
            .render(Chart.Release.of("berth", NAMESPACE).with("namespace.create=true"))
            // No Helm will ever upgrade what this file installs.
            .replace("app.kubernetes.io/managed-by: Helm", "app.kubernetes.io/managed-by: kubectl");
  }
}
