package dev.berth.bench;

import org.jspecify.annotations.Nullable;

/** The time, and the server's CPU time, since it was made. */
final class Stopwatch {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEDIAN = 0.5;
  private static final double NEARLY_ALL = 0.99;

  private final @Nullable ServerProbe probe;
  private final double cpuMillis;
  private final long nanos;

  /**
   * Starts.
   *
   * @param probe null where the server's process is not known
   */
  Stopwatch(@Nullable ServerProbe probe) {
    this.probe = probe;
    this.cpuMillis = probe == null ? 0 : probe.cpuMillis();
    this.nanos = System.nanoTime();
  }

  /** Stops for operations, each of them one unit. */
  Measurement stop(Workload workload, Unit unit, Latencies latencies) {
    return stop(
        workload,
        unit,
        latencies.count(),
        latencies.percentile(MEDIAN),
        latencies.percentile(NEARLY_ALL));
  }

  /** Stops for transfers of this many MiB in all. */
  Measurement stop(Workload workload, long mib) {
    return stop(workload, Unit.MIB, mib, null, null);
  }

  private Measurement stop(
      Workload workload, Unit unit, long units, @Nullable Double p50, @Nullable Double p99) {
    double seconds = (System.nanoTime() - nanos) / NANOS_PER_SECOND;
    Double cpu = probe == null ? null : (probe.cpuMillis() - cpuMillis) / units;
    return new Measurement(workload, unit, units / seconds, p50, p99, cpu);
  }
}
