package dev.berth.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Measures each registry in turn.
 *
 * @param runs how often
 * @param progress takes a line a workload
 */
record Benchmark(
    List<Candidate> candidates,
    List<Workload> workloads,
    Scale scale,
    int runs,
    PrintWriter progress) {

  /** Runs all; the turns alternate, so that what else the machine does hits each of them. */
  List<RegistryReport> run() throws IOException, InterruptedException {
    List<List<RegistryReport>> measured = new ArrayList<>();
    candidates.forEach(_ -> measured.add(new ArrayList<>()));
    for (int number = 1; number <= runs; number++) {
      for (int index = 0; index < candidates.size(); index++) {
        measured.get(index).add(measure(candidates.get(index), number));
      }
    }
    return measured.stream().map(RegistryReport::median).toList();
  }

  private RegistryReport measure(Candidate candidate, int number)
      throws IOException, InterruptedException {
    say("%s, run %d of %d".formatted(candidate.name(), number, runs));
    List<Measurement> measurements = new ArrayList<>();
    try (RunningRegistry registry = candidate.start()) {
      Preflight.check(registry.endpoint());
      TestBed bed = prepare(candidate, registry);
      for (Workload workload : workloads) {
        measurements.add(measure(candidate, registry, workload, bed));
      }
      ServerProbe probe = registry.probe();
      OptionalDouble peak = probe == null ? OptionalDouble.empty() : probe.peakMib();
      return new RegistryReport(
          candidate.name(),
          candidate.version(),
          measurements,
          peak.isPresent() ? peak.getAsDouble() : null);
    }
  }

  private TestBed prepare(Candidate candidate, RunningRegistry registry) throws IOException {
    try {
      return TestBed.prepare(registry.endpoint(), registry.probe(), scale);
    } catch (IOException e) {
      throw failed(candidate, registry, "first image", e);
    }
  }

  private Measurement measure(
      Candidate candidate, RunningRegistry registry, Workload workload, TestBed bed)
      throws IOException, InterruptedException {
    try {
      Measurement measurement = workload.run(bed);
      say("  " + ReportTable.line(measurement));
      return measurement;
    } catch (IOException e) {
      throw failed(candidate, registry, workload.toString(), e);
    }
  }

  private static WorkloadException failed(
      Candidate candidate, RunningRegistry registry, String step, IOException cause) {
    String ended = registry.failure();
    String what = ended == null ? Answer.describe(cause) : ended;
    return new WorkloadException("%s, %s: %s".formatted(candidate.name(), step, what), cause);
  }

  private void say(String line) {
    progress.println(line);
    progress.flush();
  }
}
