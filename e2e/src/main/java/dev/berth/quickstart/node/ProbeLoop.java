package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.Pods.orDefault;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** Asks one probe in its rhythm and tells when its answer has turned, by its thresholds. */
final class ProbeLoop implements AutoCloseable {

  private final Probe probe;
  private final Function<Duration, ProbeResult> check;
  private final Consumer<ProbeResult> turned;
  private final boolean passedAtFirst;
  private final Thread thread;

  private ProbeLoop(
      String name,
      Probe probe,
      boolean passedAtFirst,
      Function<Duration, ProbeResult> check,
      Consumer<ProbeResult> turned) {
    this.probe = probe;
    this.check = check;
    this.turned = turned;
    this.passedAtFirst = passedAtFirst;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /**
   * Starts it.
   *
   * @param passedAtFirst what is assumed before the first answer
   */
  static ProbeLoop start(
      String name,
      Probe probe,
      boolean passedAtFirst,
      Function<Duration, ProbeResult> check,
      Consumer<ProbeResult> turned) {
    ProbeLoop loop = new ProbeLoop(name, probe, passedAtFirst, check, turned);
    loop.thread.start();
    return loop;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    int toFail = orDefault(probe.getFailureThreshold(), 3);
    int toPass = orDefault(probe.getSuccessThreshold(), 1);
    Duration timeout = Duration.ofSeconds(orDefault(probe.getTimeoutSeconds(), 1));
    Duration period = Duration.ofSeconds(Math.max(1, orDefault(probe.getPeriodSeconds(), 10)));
    boolean passed = passedAtFirst;
    int row = 0;
    boolean last = passedAtFirst;
    try {
      Thread.sleep(Duration.ofSeconds(orDefault(probe.getInitialDelaySeconds(), 0)));
      while (!Thread.currentThread().isInterrupted()) {
        ProbeResult result = check.apply(timeout);
        row = result.passed() == last ? row + 1 : 1;
        last = result.passed();
        if (result.passed() && !passed && row >= toPass) {
          passed = true;
          turned.accept(result);
        } else if (!result.passed() && row >= toFail && (passed || row == toFail)) {
          passed = false;
          turned.accept(result);
        }
        Thread.sleep(period);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
