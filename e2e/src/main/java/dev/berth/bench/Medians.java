package dev.berth.bench;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One figure for several runs: on a machine that others use, a mean would be of their work too. */
final class Medians {

  private Medians() {}

  /** Of the same workload, each figure by itself. */
  static Measurement of(List<Measurement> runs) {
    Measurement first = runs.getFirst();
    Double rate = of(runs, Measurement::rate);
    return new Measurement(
        first.workload(),
        first.unit(),
        rate == null ? first.rate() : rate,
        of(runs, Measurement::p50Millis),
        of(runs, Measurement::p99Millis),
        of(runs, Measurement::cpuMillisPerUnit));
  }

  /** Of one figure, null where no run has it. */
  static <T> @Nullable Double of(List<T> runs, Function<T, @Nullable Double> figure) {
    List<Double> sorted = runs.stream().map(figure).filter(Objects::nonNull).sorted().toList();
    if (sorted.isEmpty()) {
      return null;
    }
    int upper = sorted.size() / 2;
    int lower = (sorted.size() - 1) / 2;
    return (sorted.get(lower) + sorted.get(upper)) / 2;
  }
}
