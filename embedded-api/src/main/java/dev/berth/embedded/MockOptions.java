package dev.berth.embedded;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * How the API in memory starts.
 *
 * @param port the loopback port; 0 takes a free one
 * @param snapshot the file that keeps the objects from one start to the next
 */
public record MockOptions(int port, Optional<Path> snapshot, Clock clock) {
  /** A free port, nothing kept. */
  public static MockOptions defaults() {
    return new MockOptions(0, Optional.empty(), Clock.systemUTC());
  }

  /** On this port. */
  public MockOptions withPort(int newPort) {
    return new MockOptions(newPort, snapshot, clock);
  }

  /** Keeping its objects in this file. */
  public MockOptions withSnapshot(Path file) {
    return new MockOptions(port, Optional.of(file), clock);
  }

  /** With this clock. */
  public MockOptions withClock(Clock newClock) {
    return new MockOptions(port, snapshot, newClock);
  }
}
