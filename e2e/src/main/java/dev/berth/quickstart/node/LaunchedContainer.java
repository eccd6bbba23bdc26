package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A container's process with its probes. */
final class LaunchedContainer {

  private final Container container;
  private final ChildProcess process;
  private final Prober prober;
  private final Runnable changed;
  private final Consumer<String> unhealthy;
  private final List<ProbeLoop> loops = new ArrayList<>();
  private volatile boolean started;
  private volatile boolean ready;
  private volatile String failure = "";
  private boolean closed;

  LaunchedContainer(
      Container container,
      ChildProcess process,
      Prober prober,
      Runnable changed,
      Consumer<String> unhealthy) {
    this.container = container;
    this.process = process;
    this.prober = prober;
    this.changed = changed;
    this.unhealthy = unhealthy;
    if (container.getStartupProbe() == null) {
      begin();
    } else {
      probe("Startup", container.getStartupProbe(), false, result -> startup(result));
    }
  }

  ChildProcess process() {
    return process;
  }

  boolean isStarted() {
    return started;
  }

  boolean isReady() {
    return ready && process.isAlive();
  }

  /** Why the process must be ended; empty while it need not. */
  String failure() {
    return failure;
  }

  synchronized void stopProbes() {
    closed = true;
    loops.forEach(ProbeLoop::close);
    prober.close();
    ready = false;
  }

  private void startup(ProbeResult result) {
    if (result.passed()) {
      if (!started) {
        begin();
        changed.run();
      }
    } else if (!started) {
      fail("failed startup probe");
    }
  }

  private synchronized void begin() {
    started = true;
    Probe readiness = container.getReadinessProbe();
    if (readiness == null) {
      ready = true;
    } else {
      probe(
          "Readiness",
          readiness,
          false,
          result -> {
            ready = result.passed();
            changed.run();
          });
    }
    if (container.getLivenessProbe() != null) {
      probe(
          "Liveness",
          container.getLivenessProbe(),
          true,
          result -> {
            if (!result.passed()) {
              fail("failed liveness probe");
            }
          });
    }
  }

  private void fail(String why) {
    failure = why;
    changed.run();
  }

  private synchronized void probe(
      String name, Probe probe, boolean passedAtFirst, Consumer<ProbeResult> turned) {
    if (closed) {
      return;
    }
    loops.add(
        ProbeLoop.start(
            name + " " + container.getName(),
            probe,
            passedAtFirst,
            timeout -> prober.check(probe, timeout),
            result -> {
              if (!result.passed()) {
                unhealthy.accept(name + " probe failed: " + result.message());
              }
              turned.accept(result);
            }));
  }
}
