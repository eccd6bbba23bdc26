package dev.berth.quickstart.node;

import java.time.Duration;

/** Bounded waits for threads, with the interrupt flag kept. */
final class Interruptions {

  private Interruptions() {}

  static void join(Thread thread, Duration atMost) {
    try {
      thread.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
