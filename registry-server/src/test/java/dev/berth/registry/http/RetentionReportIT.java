package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Visibility;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.RepositoryName;
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
import org.slf4j.LoggerFactory;

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

  @Test
  void aStateThatCannotBeReadIsSaidOnceAndKeepsNoOtherRepositoryFromItsReport() {
    // Given
    client.pushImage("app", "pr-1", "one");
    client.pushImage("team/app", "pr-1", "two");
    clock.move(Duration.ofDays(8));
    Retention rules = retention("0 3 * * *", OLD_PRS);
    both(rules);
    run();
    Expiry expiry = registry.bean(MetadataStore.class).expiry();
    expiry.remember("", "{\"rules\":");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(RetentionRuns.class);
    logger.addAppender(log);
    try {
      // When
      RetentionReports reports = registry.bean(RetentionReports.class);

      // Then
      assertThat(reports.of("")).isEmpty();
      assertThat(reports.of("")).isEmpty();
      assertThat(reports.of("team/images").orElseThrow().preview()).isNotNull();

      // When: the time of the schedule passed long ago
      clock.move(Duration.ofDays(1));
      run();

      // Then
      assertThat(log.list)
          .filteredOn(event -> event.getLevel() == Level.WARN)
          .singleElement()
          .satisfies(
              event -> assertThat(event.getFormattedMessage()).contains("the registry's defaults"));
      assertThat(tags("team/app")).isEmpty();
      assertThat(tags("app")).containsExactly("pr-1");
      assertThat(Objects.requireNonNull(report().preview()).expiringTags()).isEqualTo(1);
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void aClockThatWasAheadForAWhileKeepsNothingFromGoing() {
    // Given
    rules(retention("0 3 * * *", OLD_PRS));
    clock.move(Duration.ofDays(3650));
    run();
    clock.move(Duration.ofDays(-3650));
    client.pushImage("app", "pr-1", "one");
    run();
    clock.move(Duration.ofDays(8));

    // When
    run();

    // Then
    assertThat(tags("app")).isEmpty();
    assertThat(Objects.requireNonNull(report().preview()).at())
        .isEqualTo(clock.instant().toString());
  }

  private void both(Retention rules) {
    registry.offer(
        ++sequence,
        new SpaceRules(null, null, rules, Collections.emptySortedSet(), null),
        new DeclaredRepository(
            "team/images",
            new PathPattern("team/**"),
            Visibility.PRIVATE,
            List.of(),
            List.of(),
            null,
            rules));
  }

  private List<String> tags(String repository) {
    return registry
        .bean(MetadataStore.class)
        .manifests()
        .tags(new RepositoryName(repository), null, 100);
  }

  private static Retention retention(String schedule, Expire... expire) {
    return new Retention(List.of(), List.of(expire), schedule, true, "100%", null, null);
  }

  private void rules(Retention retention) {
    registry.offer(
        ++sequence, new SpaceRules(null, null, retention, Collections.emptySortedSet(), null));
  }

  private void run() {
    registry.bean(RetentionRuns.class).run();
  }

  private Report report() {
    return registry.bean(RetentionReports.class).of("").orElseThrow();
  }
}
