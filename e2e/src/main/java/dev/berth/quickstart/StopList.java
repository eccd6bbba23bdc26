package dev.berth.quickstart;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be ended in the opposite order, once, whoever asks first. */
final class StopList implements AutoCloseable {

  private record Entry(String name, AutoCloseable part) {}

  private final PrintStream out;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private volatile boolean closing;

  StopList(PrintStream out) {
    this.out = out;
  }

  boolean isClosing() {
    return closing;
  }

  /** Takes it in; what starts while all is being ended is ended at once. */
  synchronized <T extends AutoCloseable> T add(String name, T part) {
    if (closing) {
      end(new Entry(name, part));
      throw new QuickstartException("ended before it was ready");
    }
    entries.push(new Entry(name, part));
    return part;
  }

  @Override
  public synchronized void close() {
    closing = true;
    while (!entries.isEmpty()) {
      end(entries.pop());
    }
  }

  private void end(Entry entry) {
    try {
      entry.part().close();
      out.println("Ended: " + entry.name());
    } catch (Exception e) {
      out.println("Not ended: " + entry.name() + ": " + e);
    }
  }
}
