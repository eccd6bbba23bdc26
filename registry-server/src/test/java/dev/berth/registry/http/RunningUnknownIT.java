package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.retention.run.RetentionReports;
import dev.berth.registry.retention.run.RetentionReports.Report;
import dev.berth.registry.retention.run.RetentionRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody says any more what Pods run: one may run what no policy document names. */
class RunningUnknownIT {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration HOLDS = Duration.ofMinutes(5);

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;
  private long sequence;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(folder, clock, GRACE, Duration.ofHours(24));
    client = new Client(registry.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void noImageGoesByARuleUntilItIsSaidAgainAndThenWhatWasDueDoes() {
    // Given
    rules(HOLDS, null);
    confirm();
    retain();
    client.pushImage("app", "pr-1", "one");
    clock.move(Duration.ofDays(8));

    // When
    retain();

    // Then
    assertThat(tags()).containsExactly("pr-1");
    assertThat(report().waiting()).isTrue();
    assertThat(report().lastRunAt()).isNull();
    assertThat(Objects.requireNonNull(report().preview()).expiringTags()).isEqualTo(1);

    // When: another document was in force when this was said
    registry.bean(PolicyInForce.class).confirm("another revision");
    retain();

    // Then
    assertThat(tags()).containsExactly("pr-1");

    // When
    confirm();
    retain();

    // Then
    assertThat(tags()).isEmpty();
    assertThat(report().waiting()).isFalse();
    assertThat(report().deletedTags()).isEqualTo(1);
  }

  @Test
  void anOrderWaitsToo() {
    // Given
    client.pushImage("app", "pr-1", "one");
    clock.move(Duration.ofDays(8));
    rules(HOLDS, null);
    retain();

    // When
    rules(HOLDS, "now");
    retain();

    // Then
    assertThat(tags()).containsExactly("pr-1");

    // When
    confirm();
    retain();

    // Then
    assertThat(tags()).isEmpty();
  }

  @Test
  void itIsBelievedForAsLongAsTheDocumentSaysAndNoLonger() {
    // Given
    rules(HOLDS, null);
    PolicyInForce policy = registry.bean(PolicyInForce.class);
    assertThat(policy.knowsWhatRuns()).isFalse();

    // When
    confirm();
    clock.move(HOLDS);

    // Then
    assertThat(policy.knowsWhatRuns()).isTrue();

    // When
    clock.move(Duration.ofMillis(1));

    // Then
    assertThat(policy.knowsWhatRuns()).isFalse();

    // When: the rules change, and what runs is as unknown as before
    rules(HOLDS, "now");

    // Then
    assertThat(policy.knowsWhatRuns()).isFalse();
  }

  @Test
  void aClockThatIsSetBackDoesNotMakeItBelievedForLonger() {
    // Given
    rules(HOLDS, null);
    PolicyInForce policy = registry.bean(PolicyInForce.class);
    confirm();

    // When
    clock.move(Duration.ofDays(-1));

    // Then
    assertThat(policy.knowsWhatRuns()).isFalse();

    // When
    confirm();

    // Then
    assertThat(policy.knowsWhatRuns()).isTrue();
  }

  @Test
  void noImageIsCollectedUntilItIsSaidAgainAndBlobsOfNoneAre() {
    // Given
    rules(HOLDS, null);
    String moved = client.pushImage("app", "v1", "one");
    client.pushImage("app", "v1", "two");
    client.pushBlob("app", utf8("alone"));
    clock.move(GRACE.plusSeconds(1));

    // When
    collect();

    // Then
    assertThat(isStored(moved)).isTrue();
    assertThat(client.head("/v2/app/blobs/" + digest("alone")).status()).isEqualTo(404);

    // When
    confirm();
    collect();

    // Then
    assertThat(isStored(moved)).isFalse();
  }

  @Test
  void aDocumentThatNobodyHasToConfirmHoldsForGood() {
    // Given
    rules(null, null);
    retain();
    client.pushImage("app", "pr-1", "one");
    String moved = client.pushImage("app", "v1", "two");
    client.pushImage("app", "v1", "three");
    clock.move(Duration.ofDays(8));

    // When
    retain();
    collect();

    // Then
    assertThat(tags()).containsExactly("v1");
    assertThat(isStored(moved)).isFalse();
    assertThat(report().waiting()).isFalse();
  }

  private void rules(@Nullable Duration holds, @Nullable String order) {
    Retention retention =
        new Retention(
            List.of(),
            List.of(new Expire(List.of("pr-*"), false, Duration.ofDays(7).toMillis())),
            "0 3 * * *",
            true,
            "100%",
            null,
            order);
    registry.offer(
        ++sequence,
        new SpaceRules(null, null, retention, Collections.emptySortedSet(), null)
            .withRunning(Collections.emptySortedSet(), holds));
  }

  private void confirm() {
    PolicyInForce policy = registry.bean(PolicyInForce.class);
    assertThat(policy.confirm(policy.revision())).isEqualTo(policy.revision());
  }

  private void retain() {
    registry.bean(RetentionRuns.class).run();
  }

  private void collect() {
    registry.bean(GarbageCollector.class).run();
  }

  private Report report() {
    return registry.bean(RetentionReports.class).of("").orElseThrow();
  }

  private List<String> tags() {
    return metadata().manifests().tags(new RepositoryName("app"), null, 100);
  }

  /** A client that looks would be a pull. */
  private boolean isStored(String manifest) {
    return metadata()
        .manifests()
        .find(new RepositoryName("app"), Digest.parse(digest(manifest)))
        .isPresent();
  }

  private MetadataStore metadata() {
    return registry.bean(MetadataStore.class);
  }
}
