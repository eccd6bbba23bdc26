package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.retention.run.RetentionReports;
import dev.berth.registry.retention.run.RetentionReports.Report;
import dev.berth.registry.retention.run.RetentionRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention tells of itself, whatever becomes of what it has written down. */
class RetentionReportIT {
  private static final Expire OLD_PRS =
      new Expire(List.of("pr-*"), false, Duration.ofDays(7).toMillis());
  private static final Expire OLD_UNTAGGED =
      new Expire(List.of(), true, Duration.ofDays(7).toMillis());

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;
  private long sequence;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(folder, clock, Duration.ofHours(24), Duration.ofHours(24));
    client = new Client(registry.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void thePreviewCountsManifestsWithoutATagBesidesTags() {
    // Given
    client.pushImage("app", "pr-1", "one");
    for (String layer : List.of("two", "three")) {
      client.pushImage("app", digest(Client.imageOf(layer)), layer);
    }
    clock.move(Duration.ofDays(8));
    rules(retention("0 3 * * *", OLD_PRS, OLD_UNTAGGED));

    // When
    run();

    // Then
    RetentionReports.Preview preview = Objects.requireNonNull(report().preview());
    assertThat(preview.expiringTags()).isEqualTo(1);
    assertThat(preview.expiringManifests()).isEqualTo(2);
  }

  @Test
  void itSaysWhichRulesItIsByUntilTheNextOnesAreLookedAt() {
    // Given
    Retention former = retention("0 3 * * *", OLD_PRS);
    Retention next = retention("0 4 * * *", OLD_PRS);
    rules(former);
    run();

    // When
    rules(next);

    // Then
    assertThat(report().rules()).isEqualTo(PolicyDocumentFormat.hash(former));

    // When
    run();

    // Then
    assertThat(report().rules()).isEqualTo(PolicyDocumentFormat.hash(next));
  }

  @Test
  void itSaysOfRulesThatItDoesNotUnderstandWhichTheyAre() {
    // Given
    rules(retention("0 3 * * *", OLD_PRS));
    run();
    Retention strange = retention(", * * * *", OLD_PRS);

    // When
    rules(strange);
    run();

    // Then
    assertThat(report().problem()).contains("schedule is ', * * * *'");
    assertThat(report().rules()).isEqualTo(PolicyDocumentFormat.hash(strange));
  }

  private static Retention retention(String schedule, Expire... expire) {
    return new Retention(List.of(), List.of(expire), schedule, true, "100%", null, null);
  }

  private void rules(Retention retention) {
    registry.offer(++sequence, new SpaceRules(null, null, retention, Collections.emptySortedSet(), null));
  }

  private void run() {
    registry.bean(RetentionRuns.class).run();
  }

  private Report report() {
    return registry.bean(RetentionReports.class).of("").orElseThrow();
  }
}
