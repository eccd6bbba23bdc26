package dev.berth.registry.retention.run;

import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.retention.DeletionLimit;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When retention runs: by each entry's schedule, by order, and once what was held is acknowledged.
 * What was missed while the server was down is made up for once; a run that broke off begins again.
 */
@Singleton
public final class RetentionRuns {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionRuns.class);

  /** A preview is no older, but while one waits for its acknowledgement. */
  private static final Duration PREVIEW = Duration.ofHours(1);

  private final Entries entries;
  private final RetentionPass pass;
  private final Expiry expiry;
  private final Adoption adoption;
  private final PolicyInForce policy;
  private final Clock clock;

  RetentionRuns(
      Entries entries,
      RetentionPass pass,
      MetadataStore metadata,
      PolicyInForce policy,
      Clock clock) {
    this.entries = entries;
    this.pass = pass;
    this.expiry = metadata.expiry();
    this.adoption = metadata.adoption();
    this.policy = policy;
    this.clock = clock;
  }

  @Scheduled(initialDelay = "30s", fixedDelay = "15s")
  @ExecuteOn(TaskExecutors.BLOCKING)
  void sometimes() {
    try {
      run();
    } catch (RuntimeException e) {
      LOG.warn("retention broke off; it goes on with the next run", e);
    }
  }

  /** Does what is due. One run at a time. */
  public synchronized void run() {
    if (policy.since().isEmpty() || adoption.state() == Adoption.State.RUNNING) {
      // What is taken over as yet may lack what protects it.
      return;
    }
    Map<String, Entry> withRules = entries.withRules();
    expiry.forgetAllBut(withRules.keySet());
    withRules.values().forEach(this::attempt);
  }

  /** What is known of an entry; empty: it has no rules, or was not looked at yet. */
  Optional<RetentionState> state(String entry) {
    return expiry.state(entry).map(StateFormat::read);
  }

  /** One whose data cannot be read must not keep the others from their turn. */
  private void attempt(Entry entry) {
    try {
      run(entry);
    } catch (RuntimeException e) {
      LOG.warn("retention of {} broke off; it begins again", entry.described(), e);
    }
  }

  private void run(Entry entry) {
    Instant now = clock.instant();
    RetentionState before = state(entry.name()).orElseGet(() -> RetentionState.first(now));
    RetentionState after;
    try {
      after = run(entry, before, now);
    } catch (IllegalArgumentException e) {
      after = refused(entry, before, e.getMessage());
    }
    if (!after.equals(before)) {
      expiry.remember(entry.name(), StateFormat.write(after));
    }
  }

  /** What cannot be understood deletes nothing. */
  private static RetentionState refused(
      Entry entry, RetentionState before, @Nullable String problem) {
    return new RetentionState(
        entry.hash(),
        before.since(),
        before.request(),
        before.lastRunAt(),
        before.deletedTags(),
        false,
        problem,
        null,
        null);
  }

  private RetentionState run(Entry entry, RetentionState before, Instant now) {
    String request = entry.retention().runRequest();
    boolean ordered = request != null && !request.equals(before.request());
    boolean due = entry.isDue(Instant.ofEpochMilli(before.since()), now);
    boolean acknowledged = isAcknowledged(entry, before);
    boolean wanted = ordered || due || (acknowledged && before.held());
    if (!wanted && !isStale(entry, before, now)) {
      return before;
    }
    DeletionLimit limit = entry.limit();
    Tally tally = pass.look(entry, now);
    boolean exceeded = limit.isExceeded(tally.expiringTags(), tally.tags());
    if (!wanted || !entry.retention().enforce()) {
      return looked(entry, before, tally, exceeded, ordered || due, now);
    }
    if (exceeded && !acknowledged) {
      return looked(entry, before, tally, exceeded, true, now);
    }
    long deleted = delete(entry, before, exceeded, now);
    LOG.info("retention of {} removed {} tags", entry.described(), deleted);
    return ran(entry, before, deleted, now);
  }

  private static boolean isAcknowledged(Entry entry, RetentionState before) {
    return before.preview() != null
        && before.rules().equals(entry.hash())
        && before.preview().revision().equals(entry.retention().acknowledged());
  }

  private static boolean isStale(Entry entry, RetentionState before, Instant now) {
    if (!before.rules().equals(entry.hash())) {
      return true;
    }
    return before.preview() == null
        ? before.problem() == null
        : !before.held() && !Instant.ofEpochMilli(before.preview().at()).plus(PREVIEW).isAfter(now);
  }

  /** Of what was acknowledged, and of nothing that came since; below the limit, of all. */
  private long delete(Entry entry, RetentionState before, boolean exceeded, Instant now) {
    String victims = before.victims();
    if (!exceeded) {
      return pass.delete(entry, now, (name, victim) -> true);
    }
    VictimSet acknowledged = VictimSet.read(Objects.requireNonNullElse(victims, ""));
    return pass.delete(entry, now, acknowledged::contains);
  }

  /** Looked, and deleted nothing. */
  private static RetentionState looked(
      Entry entry,
      RetentionState before,
      Tally tally,
      boolean exceeded,
      boolean carriedOut,
      Instant now) {
    boolean held = exceeded && entry.retention().enforce();
    RetentionState.Preview preview = tally.preview(now);
    return new RetentionState(
        entry.hash(),
        carriedOut ? now.toEpochMilli() : before.since(),
        carriedOut ? entry.retention().runRequest() : before.request(),
        before.lastRunAt(),
        before.deletedTags(),
        held,
        held ? held(entry, tally, preview.revision()) : null,
        preview,
        exceeded ? tally.victims().write() : null);
  }

  private static String held(Entry entry, Tally tally, String revision) {
    return "%d of %d tags would go, and maxDeletions is %s: look at the preview, then set the annotation berth.dev/acknowledge-retention to %s, or change the rules"
        .formatted(tally.expiringTags(), tally.tags(), entry.retention().maxDeletions(), revision);
  }

  /** Deleted; what is left for the next run is looked at anew. */
  private RetentionState ran(Entry entry, RetentionState before, long deleted, Instant now) {
    Tally left = pass.look(entry, now);
    boolean exceeded = entry.limit().isExceeded(left.expiringTags(), left.tags());
    RetentionState looked = looked(entry, before, left, exceeded, true, now);
    return new RetentionState(
        looked.rules(),
        looked.since(),
        looked.request(),
        now.toEpochMilli(),
        deleted,
        looked.held(),
        looked.problem(),
        looked.preview(),
        looked.victims());
  }
}
