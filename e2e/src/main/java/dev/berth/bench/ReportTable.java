package dev.berth.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures of all registries side by side, in lines of one width. */
final class ReportTable {

  private static final String LABEL = "%-18s";
  private static final int WIDTH = 44;
  private static final String BETWEEN = " | ";
  private static final String NONE = "-";
  private static final int WITHOUT_DECIMALS = 1000;

  private ReportTable() {}

  static String of(Report report) {
    List<RegistryReport> registries = report.registries();
    StringBuilder table = new StringBuilder(256);
    table.append(report.machine()).append('\n');
    table.append(description(report.settings())).append("\n\n");
    line(table, "", registries, ReportTable::title);
    line(table, "workload", registries, _ -> figures("rate", "p50 ms", "p99 ms", "CPU ms"));
    for (Measurement row : registries.getFirst().workloads()) {
      line(
          table,
          row.workload().toString(),
          registries,
          registry -> registry.of(row.workload()).map(ReportTable::cell).orElse(""));
    }
    line(table, "peak resident", registries, ReportTable::peak);
    return table
        .append("\nCPU ms: what the server spends on one MiB, image or request.\n")
        .toString();
  }

  /** One workload alone. */
  static String line(Measurement measurement) {
    return LABEL.formatted(measurement.workload()) + " " + rate(measurement);
  }

  private static String description(Report.Settings settings) {
    return "%d MiB blob, %d and %d images, %d tags, %s s a repeated request, %s"
        .formatted(
            settings.largeMib(),
            settings.images(),
            settings.smallImages(),
            settings.tags(),
            settings.seconds(),
            settings.runs() == 1 ? "one run" : "medians of " + settings.runs() + " runs");
  }

  private static void line(
      StringBuilder table,
      String label,
      List<RegistryReport> registries,
      Function<RegistryReport, String> cell) {
    String cells =
        registries.stream()
            .map(cell)
            .map(text -> text + " ".repeat(Math.max(0, WIDTH - text.length())))
            .collect(Collectors.joining(BETWEEN));
    table.append((LABEL.formatted(label) + BETWEEN + cells).stripTrailing()).append('\n');
  }

  private static String title(RegistryReport registry) {
    return (registry.name() + " " + registry.version()).strip();
  }

  private static String cell(Measurement measurement) {
    return figures(
        rate(measurement),
        number("%.2f", measurement.p50Millis()),
        number("%.2f", measurement.p99Millis()),
        number("%.3f", measurement.cpuMillisPerUnit()));
  }

  private static String peak(RegistryReport registry) {
    return figures(
        Optional.ofNullable(registry.peakResidentMib())
            .map(mib -> number("%.0f", mib) + " MiB")
            .orElse(NONE),
        "",
        "",
        "");
  }

  private static String rate(Measurement measurement) {
    String number =
        number(measurement.rate() < WITHOUT_DECIMALS ? "%.1f" : "%,.0f", measurement.rate());
    return number + (measurement.unit() == Unit.MIB ? " MiB/s" : " " + measurement.unit() + "s/s");
  }

  private static String number(String format, @Nullable Double number) {
    return number == null ? NONE : String.format(Locale.ROOT, format, number);
  }

  private static String figures(String rate, String p50, String p99, String cpu) {
    return "%17s %8s %8s %8s".formatted(rate, p50, p99, cpu);
  }
}
