package dev.berth.bench;

import java.util.Arrays;

/** How long each operation took, in nanoseconds. */
final class Latencies {

  private static final int FIRST_CAPACITY = 1 << 10;
  private static final double NANOS_PER_MILLI = 1e6;

  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;

  void add(long took) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = took;
  }

  void addAll(Latencies others) {
    for (int number = 0; number < others.count; number++) {
      add(others.nanos[number]);
    }
  }

  int count() {
    return count;
  }

  /** The time in milliseconds that this share of the operations did not exceed. */
  double percentile(double share) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    Arrays.sort(nanos, 0, count);
    int index = Math.min(count - 1, (int) (count * share));
    return nanos[index] / NANOS_PER_MILLI;
  }
}
