package dev.berth.operator.kubernetes;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Carries out visits. Those that only report what another visit found have threads of their own,
 * and few: a Registry with thousands of objects that all have something new to say would keep the
 * next change of its policy waiting behind them.
 */
public final class Visits extends AbstractExecutorService {
  private static final ScopedValue<Boolean> REPORT = ScopedValue.newInstance();

  private final ExecutorService visits;
  private final ExecutorService reports;

  /**
   * Makes the threads.
   *
   * @param visits as many at once
   * @param reports as many at once, beside those
   */
  public Visits(int visits, int reports) {
    this.visits = virtual(visits, "visit-");
    this.reports = virtual(reports, "report-");
  }

  private static ExecutorService virtual(int atOnce, String name) {
    return Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().name(name, 0).factory());
  }

  /** Lets the visits that these events ask for be reports. */
  static void ofReports(Runnable events) {
    ScopedValue.where(REPORT, true).run(events);
  }

  @Override
  public void execute(Runnable visit) {
    (REPORT.isBound() ? reports : visits).execute(visit);
  }

  @Override
  public void shutdown() {
    visits.shutdown();
    reports.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return Stream.concat(visits.shutdownNow().stream(), reports.shutdownNow().stream()).toList();
  }

  @Override
  public boolean isShutdown() {
    return visits.isShutdown() && reports.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return visits.isTerminated() && reports.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    return visits.awaitTermination(timeout, unit)
        && reports.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
