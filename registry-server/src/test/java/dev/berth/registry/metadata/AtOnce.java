package dev.berth.registry.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Several who do something at the same time. */
final class AtOnce {
  private AtOnce() {}

  /** The results in the order of the tasks, which all run at the same time. */
  static <T> List<T> all(int count, IntFunction<T> task) throws Exception {
    CountDownLatch all = new CountDownLatch(count);
    List<Future<T>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  all.countDown();
                  all.await();
                  return task.apply(number);
                }));
      }
    }
    List<T> results = new ArrayList<>();
    for (Future<T> each : running) {
      results.add(each.get());
    }
    return results;
  }
}
