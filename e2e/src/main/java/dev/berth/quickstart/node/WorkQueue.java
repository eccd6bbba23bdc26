package dev.berth.quickstart.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a controller has yet to look at: each at most once, one after the other, again
 * after a growing wait when that failed.
 */
final class WorkQueue<K> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final int MOST_DOUBLINGS = 9;

  private final String name;
  private final Consumer<K> work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<K, Long> due = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final Thread worker;
  private boolean closed;

  WorkQueue(String name, Consumer<K> work) {
    this.name = name;
    this.work = work;
    this.worker = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void start() {
    worker.start();
  }

  void add(K key) {
    addAfter(key, Duration.ZERO);
  }

  void addAfter(K key, Duration wait) {
    long at = System.nanoTime() + wait.toNanos();
    lock.lock();
    try {
      due.merge(key, at, (a, b) -> a - b < 0 ? a : b);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (worker.getState() != Thread.State.NEW) {
      Interruptions.join(worker, Duration.ofSeconds(10));
    }
  }

  private void run() {
    for (K key = next(); key != null; key = next()) {
      try {
        work.accept(key);
        failures.remove(key);
      } catch (RuntimeException e) {
        retry(key, e);
      }
    }
  }

  private void retry(K key, RuntimeException e) {
    int failed = failures.merge(key, 1, Integer::sum);
    // Someone else was faster: normal between controllers, and the next look shows the newer
    // object.
    boolean raced = e instanceof KubernetesClientException api && api.getCode() == 409;
    if (raced && failed < MOST_DOUBLINGS) {
      LOG.debug("{}: {} changed meanwhile", name, key);
    } else if (!isClosed()) {
      LOG.warn("{}: {} failed, attempt {}", name, key, failed, e);
    }
    addAfter(key, FIRST_RETRY.multipliedBy(1L << Math.min(failed - 1, MOST_DOUBLINGS)));
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable K next() {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        K first = null;
        long wait = Long.MAX_VALUE;
        for (Map.Entry<K, Long> entry : due.entrySet()) {
          if (entry.getValue() - now < wait) {
            wait = entry.getValue() - now;
            first = entry.getKey();
          }
        }
        if (first != null && wait <= 0) {
          due.remove(first);
          return first;
        }
        changed.awaitNanos(wait);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }
}
