package dev.berth.bench;

import java.time.Duration;

/**
 * How much the workloads do.
 *
 * @param timed how long those run that repeat one request
 * @param largeMib size of the large blob
 * @param images how many images of 5 layers of 1 MiB are pushed
 * @param smallImages how many images of 3 layers of 4 KiB are pushed
 * @param tags how many tags the listed repository gets
 * @param parallelMib size of the blob that many push at once
 */
record Scale(Duration timed, int largeMib, int images, int smallImages, int tags, int parallelMib) {

  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(2);

  /** How long a repeated request runs before it counts. */
  Duration warmUp() {
    return timed.compareTo(LONGEST_WARM_UP) < 0 ? timed : LONGEST_WARM_UP;
  }
}
