package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.Retention.Keep;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Visibility;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.content.PullTimes;
import dev.berth.registry.metadata.Expiry.Expired;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Removed.Back;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import dev.berth.registry.retention.run.RetentionReports;
import dev.berth.registry.retention.run.RetentionReports.Report;
import dev.berth.registry.retention.run.RetentionReports.Sample;
import dev.berth.registry.retention.run.RetentionRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What goes by the rules of a Repository, when, and how it comes back. */
class RetentionIT {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private static final RepositoryName APP = new RepositoryName("team/app");
  private static final Keep RELEASES = new Keep(List.of("v*"), null, null, true);
  private static final Expire OLD_PRS =
      new Expire(List.of("pr-*"), false, Duration.ofDays(7).toMillis());

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
  void whatARuleNamesGoesAtItsTimeAndCanBeRestored() {
    rules(retention(true, "100%", RELEASES));
    String image = client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "v1", "two");
    run();
    clock.move(Duration.ofDays(8));
    client.pushImage("team/app", "pr-2", "three");

    run();

    assertThat(tags()).containsExactly("pr-2", "v1");
    assertThat(report().deletedTags()).isEqualTo(1);
    assertThat(report().lastRunAt()).isEqualTo(clock.instant().toString());
    assertThat(metadata().removed().list(APP, "", 10))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.reason()).isEqualTo("retention expire[0]: pushed 8d ago"));

    assertThat(metadata().removed().restore(APP, new Tag("pr-1")))
        .isEqualTo(new Back(List.of("pr-1")));

    assertThat(client.get("/v2/team/app/manifests/pr-1").body()).isEqualTo(Client.utf8(image));
  }

  @Test
  void aDryRunShowsWhatWouldGoAndDeletesNothing() {
    rules(retention(false, "1%", RELEASES));
    String image = client.pushImage("team/app", "pr-1", "a layer of its own");
    client.pushImage("team/app", "v1", "two");
    clock.move(Duration.ofDays(8));

    run();

    assertThat(tags()).containsExactly("pr-1", "v1");
    Report report = report();
    assertThat(report.held()).isFalse();
    assertThat(report.lastRunAt()).isNull();
    assertThat(preview().expiringTags()).isEqualTo(1);
    assertThat(preview().expiringBytes()).isEqualTo(image.length() + "a layer of its own".length());
    assertThat(preview().sample())
        .containsExactly(
            new Sample("team/app", "pr-1", digest(image), "expire[0]", "pushed 8d ago"));
  }

  @Test
  void whatIsMoreThanMayGoWaitsUntilItIsAcknowledgedAndNothingElseGoesWithIt() {
    rules(retention(true, "50%", RELEASES));
    run();
    client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "pr-2", "two");
    client.pushImage("team/app", "v1", "three");
    clock.move(Duration.ofDays(5));
    client.pushImage("team/app", "pr-3", "four");
    clock.move(Duration.ofDays(3));

    run();

    assertThat(report().held()).isFalse();
    assertThat(tags()).containsExactly("pr-3", "v1");

    client.pushImage("team/app", "pr-4", "six");
    client.pushImage("team/app", "pr-5", "seven");
    clock.move(Duration.ofDays(3));
    client.pushImage("team/app", "pr-6", "eight");
    clock.move(Duration.ofDays(7).minusHours(1));
    run();

    assertThat(report().held()).isTrue();
    assertThat(report().problem()).contains("3 of 5 tags", "acknowledge-retention", revision());
    assertThat(tags()).containsExactly("pr-3", "pr-4", "pr-5", "pr-6", "v1");

    String acknowledged = revision();
    // By now the rules name pr-6 as well, which nobody acknowledged.
    clock.move(Duration.ofHours(2));
    rules(acknowledging(retention(true, "50%", RELEASES), "another revision"));
    run();
    assertThat(tags()).contains("pr-3", "pr-4", "pr-5");

    client.pushImage("team/app", "pr-5", "pushed again");
    rules(acknowledging(retention(true, "50%", RELEASES), acknowledged));
    run();

    assertThat(tags()).containsExactly("pr-5", "pr-6", "v1");
    assertThat(report().held()).isFalse();
    assertThat(report().deletedTags()).isEqualTo(2);
  }

  @Test
  void anOrderRunsAtOnceAndOnce() {
    client.pushImage("team/app", "pr-1", "one");
    clock.move(Duration.ofDays(8));
    Retention rules = retention(true, "100%", RELEASES);
    rules(rules);
    run();
    rules(ordering(rules, "first"));

    run();
    assertThat(tags()).isEmpty();

    metadata().removed().restore(APP, new Tag("pr-1"));
    run();
    assertThat(tags()).containsExactly("pr-1");
  }

  @Test
  void anOrderThatIsThereBeforeTheRulesAreKnownIsNoNewOne() {
    client.pushImage("team/app", "pr-1", "one");
    clock.move(Duration.ofDays(8));
    Retention rules = retention(true, "100%", RELEASES);
    rules(ordering(rules, "long ago"));
    run();
    run();
    assertThat(tags()).containsExactly("pr-1");
    assertThat(preview().expiringTags()).isEqualTo(1);

    // Rules that go and come back are as new ones.
    rules(null);
    run();
    rules(ordering(rules, "long ago"));
    run();
    assertThat(tags()).containsExactly("pr-1");

    rules(ordering(rules, "now"));
    run();
    assertThat(tags()).isEmpty();
  }

  @Test
  void aRevisionIsAcceptedOnceAndNotForTheSameTagsAfterTheyWereRestored() {
    Retention rules = retention(true, "20%", RELEASES);
    rules(rules);
    client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "v1", "two");
    clock.move(Duration.ofDays(8));
    run();
    Retention acknowledged = acknowledging(rules, revision());
    rules(acknowledged);
    run();
    assertThat(tags()).containsExactly("v1");

    metadata().removed().restore(APP, new Tag("pr-1"));
    clock.move(Duration.ofHours(2));
    run();
    assertThat(report().held()).isTrue();
    run();
    assertThat(tags()).containsExactly("pr-1", "v1");

    rules(acknowledging(rules, revision()));
    run();
    assertThat(tags()).containsExactly("v1");
  }

  @Test
  void aPreviewThatWaitsKeepsItsRevisionWhileTheSameTagsWouldGo() {
    Retention rules = retention(true, "20%", RELEASES);
    rules(rules);
    client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "v1", "two");
    clock.move(Duration.ofDays(8));
    run();
    String revision = revision();

    clock.move(Duration.ofDays(1));
    run();

    assertThat(preview().at()).isEqualTo(clock.instant().toString());
    assertThat(revision()).isEqualTo(revision);
    rules(acknowledging(rules, revision));
    run();
    assertThat(tags()).containsExactly("v1");
  }

  @Test
  void anAcknowledgementDeletesNothingElseAlsoWhenNoMoreThanMayGoWould() {
    client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "pr-2", "two");
    client.pushImage("team/app", "v1", "three");
    clock.move(Duration.ofHours(1));
    client.pushImage("team/app", "pr-3", "four");
    clock.move(Duration.ofDays(7).minusMinutes(30));
    Retention rules = retention(true, "40%", RELEASES);
    rules(rules);
    run();
    assertThat(report().held()).isTrue();
    String revision = revision();

    // Of nine tags three are fewer, and one of them nobody acknowledged.
    clock.move(Duration.ofHours(1));
    for (int i = 2; i <= 6; i++) {
      client.pushImage("team/app", "v" + i, "five");
    }
    rules(acknowledging(rules, revision));
    run();

    assertThat(tags()).containsExactly("pr-3", "v1", "v2", "v3", "v4", "v5", "v6");
  }

  @Test
  void rulesThatChangeDoNotMakeUpForTimesBeforeThem() {
    rules(scheduled("0 3 1 * *", OLD_PRS));
    client.pushImage("team/app", "pr-1", "one");
    run();
    clock.move(Duration.ofDays(8));

    rules(scheduled("0 3 * * *", OLD_PRS));
    run();
    run();
    assertThat(tags()).containsExactly("pr-1");
    assertThat(preview().expiringTags()).isEqualTo(1);

    clock.move(Duration.ofDays(1));
    run();
    assertThat(tags()).isEmpty();
  }

  @Test
  void aRunThatWasMissedIsMadeUpForAfterAStart() {
    rules(retention(true, "100%", RELEASES));
    client.pushImage("team/app", "pr-1", "one");
    run();
    stop();
    clock.move(Duration.ofDays(8));
    start();
    assertThat(tags()).containsExactly("pr-1");

    rules(retention(true, "100%", RELEASES));
    run();

    assertThat(tags()).isEmpty();
    assertThat(report().deletedTags()).isEqualTo(1);
  }

  @Test
  void nothingGoesBeforeTheScheduleComes() {
    client.pushImage("team/app", "pr-1", "one");
    clock.move(Duration.ofDays(8));
    rules(retention(true, "100%", RELEASES));

    run();

    assertThat(tags()).containsExactly("pr-1");
    assertThat(preview().expiringTags()).isEqualTo(1);

    clock.move(Duration.ofDays(1));
    run();
    assertThat(tags()).isEmpty();
  }

  @Test
  void nothingGoesWhileAVolumeIsTakenOver() {
    client.pushImage("team/app", "pr-1", "one");
    clock.move(Duration.ofDays(8));
    rules(retention(true, "100%", RELEASES));
    run();
    rules(ordering(retention(true, "100%", RELEASES), "now"));
    metadata().adoption().begin(false);
    run();
    assertThat(tags()).containsExactly("pr-1");

    metadata().adoption().end();
    run();

    assertThat(tags()).isEmpty();
  }

  @Test
  void aChildThatIsPulledKeepsItsIndex() {
    rules(retention(true, "100%", pulledWithin(Duration.ofDays(3))));
    String child = client.pushImage("team/app", "pr-child", "child layer");
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(INDEX, Client.descriptor(IMAGE, child));
    client.pushManifest("team/app", "pr-index", INDEX, index);
    client.pushImage("team/app", "pr-1", "never pulled");
    run();
    clock.move(Duration.ofDays(8));
    client.get("/v2/team/app/manifests/" + digest(child));
    clock.move(Duration.ofDays(1));

    run();

    assertThat(tags()).containsExactly("pr-child", "pr-index");
  }

  @Test
  void whatPodsRunStays() {
    String image = client.pushImage("team/app", "pr-1", "one");
    client.pushImage("team/app", "pr-2", "two");
    rules(retention(true, "100%", RELEASES), digest(image));
    run();
    clock.move(Duration.ofDays(9));

    run();

    assertThat(tags()).containsExactly("pr-1");
  }

  @Test
  void whatWasPushedOrPulledSinceItWasLookedAtStays() {
    String image = client.pushImage("team/app", "pr-1", "one");
    Expired read = expired("pr-1", image);
    clock.move(Duration.ofDays(8));
    client.pushManifest("team/app", "pr-1", IMAGE, image);

    assertThat(metadata().expiry().remove(APP, List.of(read), clock.instant())).isEmpty();

    Expired again = expired("pr-1", image);
    Instant lookedAt = clock.instant();
    clock.move(Duration.ofMinutes(5));
    client.get("/v2/team/app/manifests/pr-1");
    registry.bean(PullTimes.class).write();

    assertThat(metadata().expiry().remove(APP, List.of(again), lookedAt)).isEmpty();
    assertThat(tags()).containsExactly("pr-1");
    assertThat(metadata().expiry().remove(APP, List.of(again), clock.instant()))
        .containsExactly(again);
    assertThat(tags()).isEmpty();
  }

  @Test
  void aRepositoryThatIsDeletedAndPushedToMeanwhileKeepsWhatWasPushed() {
    String image = client.pushImage("team/app", "pr-1", "one");
    Expired read = expired("pr-1", image);
    clock.move(Duration.ofDays(8));
    metadata().delete(APP);
    assertThat(metadata().expiry().remove(APP, List.of(read), clock.instant())).isEmpty();

    client.pushImage("team/app", "pr-1", "one");

    assertThat(metadata().expiry().remove(APP, List.of(read), clock.instant())).isEmpty();
    assertThat(tags()).containsExactly("pr-1");
  }

  @Test
  void aManifestThatWasTaggedMeanwhileStays() {
    String image = Client.imageOf("one");
    client.pushImage("team/app", "pr-1", "one");
    Expired untagged =
        new Expired(Digest.parse(digest(image)), Digest.parse(digest(image)), clock.instant(), "x");

    assertThat(metadata().expiry().remove(APP, List.of(untagged), clock.instant())).isEmpty();
    metadata().manifests().delete(APP, new Tag("pr-1"), tag -> false);

    assertThat(metadata().expiry().remove(APP, List.of(untagged), clock.instant()))
        .containsExactly(untagged);
  }

  @Test
  void anUntaggedImageGoesByItsRuleAndARuleThatIsNoneDeletesNothing() {
    String image = Client.imageOf("by digest");
    client.pushImage("team/app", "v1", "by digest");
    client.pushManifest("team/other", digest(image), IMAGE, image);
    Expire untagged = new Expire(List.of(), true, Duration.ofDays(1).toMillis());
    rules(retention(List.of(), List.of(new Expire(List.of("[oops"), false, 0), untagged)));
    run();
    clock.move(Duration.ofDays(3));
    run();

    assertThat(report().problem()).contains("expire[0].tags has '[oops'");
    // The parser of schedules does not end with this one.
    rules(scheduled(", * * * *", untagged));
    run();
    clock.move(Duration.ofDays(3));
    run();
    assertThat(report().problem()).contains("schedule is ', * * * *'");
    // A look by a client would be a pull.
    RepositoryName other = new RepositoryName("team/other");
    assertThat(metadata().manifests().find(other, Digest.parse(digest(image)))).isPresent();

    rules(retention(List.of(), List.of(untagged)));
    run();
    assertThat(metadata().manifests().find(other, Digest.parse(digest(image)))).isPresent();
    clock.move(Duration.ofDays(1));
    run();

    assertThat(client.head("/v2/team/other/manifests/" + digest(image)).status()).isEqualTo(404);
    assertThat(client.head("/v2/team/app/manifests/" + digest(image)).status()).isEqualTo(200);
  }

  @Test
  void whatTheRunDeletesIsWhatThePreviewSaid() {
    rules(retention(true, "100%", new Keep(List.of("**"), 3, null, false)));
    for (int i = 0; i < 12; i++) {
      client.pushImage("team/app", "pr-" + i, "layer " + i / 2);
      client.pushImage("team/b", "pr-" + i, "layer " + i);
      clock.move(Duration.ofHours(9));
    }
    clock.move(Duration.ofDays(5));
    rules(retention(false, "100%", new Keep(List.of("**"), 3, null, false)));
    run();
    List<String> previewed =
        preview().sample().stream().map(s -> s.repository() + ":" + s.tag()).toList();
    List<String> before = everything();

    rules(
        ordering(retention(true, "100%", new Keep(List.of("**"), 3, null, false)), "carry it out"));
    run();

    before.removeAll(everything());
    assertThat(before).isNotEmpty().containsExactlyInAnyOrderElementsOf(previewed);
  }

  @Test
  void eachThatGoesIsInTheAuditLogWithRuleAndReason() {
    Logger audit = (Logger) LoggerFactory.getLogger("dev.berth.audit");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    audit.addAppender(lines);
    audit.setLevel(Level.INFO);
    try {
      String image = client.pushImage("team/app", "pr-1", "one");
      rules(retention(true, "100%", RELEASES));
      run();
      clock.move(Duration.ofDays(9));

      run();

      assertThat(lines.list.stream().map(line -> String.valueOf(line.getKeyValuePairs())))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains(
                          "team/images",
                          "team/app",
                          "pr-1",
                          digest(image),
                          "expire[0]",
                          "pushed 9d ago"));
    } finally {
      audit.detachAppender(lines);
      audit.setLevel(null);
    }
  }

  private Expired expired(String tag, String image) {
    return new Expired(new Tag(tag), Digest.parse(digest(image)), clock.instant(), "a test");
  }

  private static Keep pulledWithin(Duration time) {
    return new Keep(List.of("**"), null, time.toMillis(), false);
  }

  private static Retention retention(boolean enforce, String maxDeletions, Keep keep) {
    return new Retention(
        List.of(keep), List.of(OLD_PRS), "0 3 * * *", enforce, maxDeletions, null, null);
  }

  private static Retention retention(List<Keep> keep, List<Expire> expire) {
    return new Retention(keep, expire, "0 3 * * *", true, "100%", null, null);
  }

  private static Retention scheduled(String schedule, Expire expire) {
    return new Retention(List.of(), List.of(expire), schedule, true, "100%", null, null);
  }

  private static Retention acknowledging(Retention rules, String revision) {
    return new Retention(
        rules.keep(),
        rules.expire(),
        rules.schedule(),
        rules.enforce(),
        rules.maxDeletions(),
        revision,
        rules.runRequest());
  }

  private static Retention ordering(Retention rules, String request) {
    return new Retention(
        rules.keep(),
        rules.expire(),
        rules.schedule(),
        rules.enforce(),
        rules.maxDeletions(),
        rules.acknowledged(),
        request);
  }

  private void rules(@Nullable Retention retention, String... running) {
    registry.offer(
        ++sequence,
        SpaceRules.NONE.withRunning(new TreeSet<>(List.of(running))),
        new DeclaredRepository(
            "team/images",
            new PathPattern("team/**"),
            Visibility.PRIVATE,
            List.of(),
            List.of(),
            null,
            retention));
  }

  private void run() {
    registry.bean(RetentionRuns.class).run();
  }

  private Report report() {
    return registry.bean(RetentionReports.class).of("team/images").orElseThrow();
  }

  private RetentionReports.Preview preview() {
    return Objects.requireNonNull(report().preview());
  }

  private String revision() {
    return Objects.requireNonNull(report().revision());
  }

  private List<String> tags() {
    return metadata().manifests().tags(APP, null, 100);
  }

  private List<String> everything() {
    List<String> all = new ArrayList<>();
    for (String name : metadata().names("", "", false, 100)) {
      metadata()
          .manifests()
          .tags(new RepositoryName(name), null, 100)
          .forEach(tag -> all.add(name + ":" + tag));
    }
    return all;
  }

  private MetadataStore metadata() {
    return registry.bean(MetadataStore.class);
  }
}
