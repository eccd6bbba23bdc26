package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** CPU time and memory of a server's process, as the operating system counts them. */
record ServerProbe(ProcessHandle process) {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double KIB_PER_MIB = 1024;
  private static final String PEAK = "VmHWM:";

  /** Of the process with this id. */
  static ServerProbe of(long pid) {
    ProcessHandle process =
        ProcessHandle.of(pid)
            .orElseThrow(
                () -> new BenchException("--pid %d: no such process runs here".formatted(pid)));
    if (process.info().totalCpuDuration().isEmpty()) {
      throw new BenchException(
          "--pid %d: its CPU time cannot be read here; leave --pid out".formatted(pid));
    }
    return new ServerProbe(process);
  }

  /** User and system time since its start, to a hundredth of a second. */
  double cpuMillis() {
    return process
        .info()
        .totalCpuDuration()
        .map(spent -> spent.toNanos() / NANOS_PER_MILLI)
        .orElse(Double.NaN);
  }

  /** The most that was ever resident, in MiB; only Linux tells. */
  OptionalDouble peakMib() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB)
          .findFirst();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }
}
