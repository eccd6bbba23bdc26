package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.collect.ExpiredUploads;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.collect.GarbageCollector.Collected;
import dev.berth.registry.metadata.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several clients push, move, mount, delete and pull, and delete and restore repositories, while
 * what has no reference is collected without any grace and the server is killed at random. {@code
 * -Dchaos.minutes=} for how long, {@code -Dchaos.seed=} to do the same again.
 */
class ChaosIT {
  static final int CLIENTS = 4;
  private static final Duration LENGTH =
      Duration.ofMillis((long) (60_000 * Double.parseDouble(minutes())));

  /** For a slow machine, beyond that. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path folder;

  private static String minutes() {
    return System.getProperty("chaos.minutes", "1");
  }

  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    System.out.println("chaos.seed=" + seed);
    Instant end = Instant.now().plus(LENGTH);
    Instant latest = end.plus(PATIENCE);
    List<ChaosClient> clients = new CopyOnWriteArrayList<>();
    BooleanSupplier goesOn = () -> Instant.now().isBefore(isLittle(clients) ? latest : end);
    Semaphore server = new Semaphore(CLIENTS);

    try (CrashingRegistry registry = new CrashingRegistry(folder, ChaosProcess.class);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        ChaosClient client =
            new ChaosClient(i, seed, registry::client, () -> await(server), goesOn);
        clients.add(client);
        running.add(threads.submit(client));
      }
      killNowAndThen(registry, server, clients, running, new Random(seed));
      for (Future<?> client : running) {
        client.get();
      }
      registry.kill();
    }

    assertThat(isLittle(clients)).as("nothing to find anything by").isFalse();
    assertNothingIsLostOrLeft(clients);
  }

  /** Where a minute was not enough to find anything by: a slow machine takes longer. */
  private static boolean isLittle(List<ChaosClient> clients) {
    return images(clients) <= 20
        || clients.stream().mapToInt(ChaosClient::pulls).sum() == 0
        || clients.stream().mapToInt(ChaosClient::restored).sum() == 0;
  }

  /** After so many images, and not so much time: a slow machine has to come to something too. */
  private static void killNowAndThen(
      CrashingRegistry registry,
      Semaphore server,
      List<ChaosClient> clients,
      List<Future<?>> running,
      Random random)
      throws IOException, InterruptedException, ExecutionException {
    int next = 5 + random.nextInt(60);
    for (int i = 0; !running.stream().allMatch(Future::isDone); i++) {
      try {
        // A client that ended before its time has found something.
        running.get(i % running.size()).get(50, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        int images = images(clients);
        if (images >= next) {
          server.acquire(CLIENTS);
          try {
            registry.kill();
            registry.startAgain();
          } finally {
            server.release(CLIENTS);
          }
          next = images + 5 + random.nextInt(60);
        }
      }
    }
  }

  /** Until it is there again, where it was killed. */
  private static void await(Semaphore server) {
    server.acquireUninterruptibly();
    server.release();
  }

  private static int images(List<ChaosClient> clients) {
    return clients.stream().mapToInt(ChaosClient::images).sum();
  }

  private void assertNothingIsLostOrLeft(List<ChaosClient> clients)
      throws SQLException, IOException {
    MutableClock clock = new MutableClock();
    clock.move(Duration.between(clock.instant(), Instant.now()));
    try (TestRegistry registry =
            TestRegistry.start(
                folder, clock, Duration.ZERO, ChaosProcess.UNDO, Duration.ofDays(1));
        Client client = new Client(registry.uri())) {
      ChaosProcess.offerPolicy(registry);
      clients.forEach(each -> each.pullAll(client));

      clock.move(Duration.ofDays(2));
      registry.bean(ExpiredUploads.class).sweep();
      collectAll(registry.bean(GarbageCollector.class), clock);

      clients.forEach(each -> each.pullAll(client));
      StoredContent stored = new StoredContent(folder.resolve("data"));
      stored.assertSound();
      TreeSet<String> neverNamed = new TreeSet<>();
      clients.forEach(each -> neverNamed.addAll(each.neverNamed()));
      assertThat(stored.files()).isEqualTo(stored.reachable(neverNamed));
      assertThat(uploads()).isEmpty();
      var usage = registry.bean(MetadataStore.class).usage();
      assertThat(usage.physicalBytes()).isEqualTo(stored.bytes());
      assertThat(usage.logicalBytes()).isEqualTo(StoredContent.heldBytes(folder.resolve("data")));
    }
  }

  /** What goes leaves others without a reference: until a run finds nothing any more. */
  private static void collectAll(GarbageCollector collector, MutableClock clock) {
    int idle = 0;
    for (int i = 0; i < 50 && idle < 2; i++) {
      Collected collected = collector.run();
      boolean nothing = collected.removed() + collected.forgotten() + collected.erased() == 0;
      idle = nothing ? idle + 1 : 0;
      clock.move(ChaosProcess.UNDO.plusSeconds(1));
    }
    assertThat(idle).isEqualTo(2);
  }

  private List<Path> uploads() throws IOException {
    Path uploads = folder.resolve("data/_uploads");
    if (!Files.isDirectory(uploads)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(uploads)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
