package dev.berth.registry.http;

import dev.berth.policy.Retention;
import dev.berth.policy.SpaceRules;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A program that serves a folder, and takes back space as soon and as often as it may. */
final class ChaosProcess {
  /** Long enough for a push, so that what is collected under one comes back with its manifest. */
  static final Duration UNDO = Duration.ofSeconds(15);

  private ChaosProcess() {}

  public static void main(String[] args) throws InterruptedException {
    TestRegistry registry =
        TestRegistry.start(
            Path.of(args[0]), Clock.systemUTC(), Duration.ZERO, UNDO, Duration.ofMillis(100));
    offerPolicy(registry);
    System.out.println("PORT " + registry.port());
    Thread.currentThread().join();
  }

  /** Tags that begin with {@code tmp-} go at once, as does what has no tag after an hour. */
  static void offerPolicy(TestRegistry registry) {
    Retention retention =
        new Retention(
            List.of(new Retention.Keep(List.of("keep-*"), null, null, true)),
            List.of(new Retention.Expire(List.of("tmp-*"), false, 1)),
            "* * * * *",
            true,
            "100%",
            null,
            null);
    registry.offer(1, new SpaceRules(null, null, retention, Collections.emptySortedSet(), null));
  }
}
