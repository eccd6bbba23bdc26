package dev.berth.registry.eventloop;

import io.netty.util.concurrent.FastThreadLocalThread;

/** The threads that read and write connections: one that waits keeps all its clients waiting. */
public final class EventLoop {
  private EventLoop() {}

  /**
   * To be called before anything that waits for a disk, or computes for longer than a request may
   * take.
   *
   * @throws MustLeaveException on an event loop
   */
  public static void leave() {
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      throw new MustLeaveException();
    }
  }
}
