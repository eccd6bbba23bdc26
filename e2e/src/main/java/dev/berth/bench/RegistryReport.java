package dev.berth.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one registry.
 *
 * @param version "" where it is not known
 * @param peakResidentMib the most memory that it had over a run; null where that is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RegistryReport(
    String name, String version, List<Measurement> workloads, @Nullable Double peakResidentMib) {

  RegistryReport {
    workloads = List.copyOf(workloads);
  }

  /** Of one run each, every figure the median of all. */
  static RegistryReport median(List<RegistryReport> runs) {
    RegistryReport first = runs.getFirst();
    return new RegistryReport(
        first.name(),
        first.version(),
        first.workloads().stream()
            .map(
                measurement ->
                    Medians.of(
                        runs.stream()
                            .flatMap(run -> run.of(measurement.workload()).stream())
                            .toList()))
            .toList(),
        Medians.of(runs, RegistryReport::peakResidentMib));
  }

  Optional<Measurement> of(Workload workload) {
    return workloads.stream().filter(each -> each.workload() == workload).findFirst();
  }
}
