package dev.berth.quickstart.node;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of ours with everything it started, entered in the ledger while it runs. */
public final class ChildProcess {

  private final ProcessLedger ledger;
  private final Process process;

  private ChildProcess(ProcessLedger ledger, Process process) {
    this.ledger = ledger;
    this.process = process;
  }

  /** Starts it. */
  public static ChildProcess start(ProcessLedger ledger, ProcessBuilder builder)
      throws IOException {
    Process process = builder.start();
    ChildProcess child = new ChildProcess(ledger, process);
    try {
      ledger.add(process.pid());
    } catch (IOException e) {
      child.kill();
      throw e;
    }
    child.onExit(() -> ledger.remove(process.pid()));
    return child;
  }

  /** Calls back when it has ended, at once when it has already. */
  public void onExit(Runnable action) {
    var _ = process.onExit().thenRun(action);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code, only when it has ended: 128 and the signal's number when a signal ended it. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it and everything it started. */
  public void kill() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /** Asks it to end, waits that long, then ends it. */
  public void stop(Duration grace) {
    List<ProcessHandle> started = process.descendants().toList();
    terminate();
    try {
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    started.forEach(ProcessHandle::destroyForcibly);
    ledger.remove(process.pid());
  }
}
