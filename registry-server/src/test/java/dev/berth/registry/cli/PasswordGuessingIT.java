package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody tries passwords for as long as it likes, with a new name each time. {@code
 * -Dguesses=100000} makes it as many as an attack would.
 */
final class PasswordGuessingIT {
  private static final int GUESSES = Integer.getInteger("guesses", 4000);
  private static final int AT_ONCE = 32;
  private static final long MOST_KEPT_BYTES = 32 << 20;
  private static final String ALICE = TestRegistry.basic("alice", TestRegistry.PASSWORD);

  @TempDir Path folder;

  private TestRegistry registry;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));
    client = registry.client();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void guessesAreSlowedDownWhileWhoKnowsItsPasswordIsServed() throws Exception {
    // Given
    assertThat(token(ALICE)).isEqualTo(200);
    long before = usedBytes();
    AtomicInteger next = new AtomicInteger();
    Set<Integer> answers = ConcurrentHashMap.newKeySet();
    Set<Integer> ofAlice = ConcurrentHashMap.newKeySet();

    // When
    try (ExecutorService guessers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        running.add(
            guessers.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < GUESSES; n = next.getAndIncrement()) {
                    answers.add(token(TestRegistry.basic("name-" + n, "guess-" + n)));
                    if (n % 100 == 0) {
                      ofAlice.add(token(ALICE));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> guesser : running) {
        guesser.get();
      }
    }

    // Then
    assertThat(answers).containsExactlyInAnyOrder(401, 429);
    assertThat(ofAlice).containsExactly(200);
    assertThat(usedBytes() - before).isLessThan(MOST_KEPT_BYTES);
  }

  private int token(String authorization) throws Exception {
    return TestRegistry.send(client, registry.data("/token").header("Authorization", authorization))
        .statusCode();
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
