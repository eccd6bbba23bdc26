package dev.berth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Several clients at once, each with a connection of its own. */
final class Clients {

  /** What each of them does. */
  interface Work {

    /**
     * Does it.
     *
     * @param latencies takes the time of each operation
     */
    void run(RegistryClient client, Latencies latencies) throws IOException;
  }

  /** One operation of several that clients share. */
  interface Numbered {
    /** Does it; the first number is 0. */
    void run(RegistryClient client, int number) throws IOException;
  }

  private Clients() {}

  /** Runs that many until they have done all operations, each the next one, and times each. */
  static Latencies share(int clients, Endpoint endpoint, int operations, Numbered operation)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    return run(
        clients,
        endpoint,
        (client, latencies) -> {
          for (int number = next.getAndIncrement();
              number < operations;
              number = next.getAndIncrement()) {
            long start = System.nanoTime();
            operation.run(client, number);
            latencies.add(System.nanoTime() - start);
          }
        });
  }

  /** Runs that many until all are done, or one fails. */
  static Latencies run(int clients, Endpoint endpoint, Work work)
      throws IOException, InterruptedException {
    Latencies all = new Latencies();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Latencies>> running = new ArrayList<>();
      for (int number = 0; number < clients; number++) {
        running.add(threads.submit(() -> run(endpoint, work)));
      }
      try {
        for (Future<Latencies> client : running) {
          all.addAll(client.get());
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw failure(e);
      }
    }
    return all;
  }

  private static Latencies run(Endpoint endpoint, Work work) throws IOException {
    Latencies latencies = new Latencies();
    try (RegistryClient client = new RegistryClient(endpoint)) {
      work.run(client, latencies);
    }
    return latencies;
  }

  private static IOException failure(ExecutionException e) {
    if (e.getCause() instanceof IOException cause) {
      return cause;
    }
    throw new IllegalStateException(e.getCause());
  }
}
