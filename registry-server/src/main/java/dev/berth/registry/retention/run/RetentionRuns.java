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
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When retention runs: by each entry's schedule, by order, and once what was held is acknowledged.
 * What was missed while the server was down is made up for once, by rules that had a preview
 * before; a run that broke off begins again.
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

  /** Entries of which it was said that what is remembered of them cannot be read. */
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

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

  /**
   * What is known of an entry; empty: it has no rules, or was not looked at yet. What cannot be
   * read is as if it were not there, and is written anew with the next look.
   */
  Optional<RetentionState> state(String entry) {
    return expiry.state(entry).flatMap(text -> read(entry, text));
  }

  private Optional<RetentionState> read(String entry, String text) {
    try {
      return Optional.of(StateFormat.read(text));
    } catch (IOException e) {
      if (unreadable.add(entry)) {
        LOG.warn(
            "what is remembered of the retention of {} cannot be read; it begins with a preview",
            Entry.described(entry),
            e);
      }
      return Optional.empty();
    }
  }

  /** Whether nothing is deleted for now: nobody knows what Pods run. */
  boolean waits() {
    return !policy.knowsWhatRuns();
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
    RetentionState before =
        state(entry.name())
            .orElseGet(() -> RetentionState.first(now, entry.retention().runRequest()));
    RetentionState after;
    try {
      after = run(entry, before, now);
    } catch (IllegalArgumentException e) {
      after = refused(entry, before, e.getMessage());
    }
    if (!after.equals(before)) {
      expiry.remember(entry.name(), StateFormat.write(after));
      unreadable.remove(entry.name());
    }
  }

  /** What cannot be understood deletes nothing. */
  private static RetentionState refused(
      Entry entry, RetentionState before, @Nullable String problem) {
    return new RetentionState(
        entry.hash(),
        before.since(),
        before.request(),
        before.acknowledged(),
        before.lastRunAt(),
        before.deletedTags(),
        false,
        problem,
        null,
        null);
  }

  private RetentionState run(Entry entry, RetentionState known, Instant now) {
    // A time that passed under other rules is none that these missed; one that is yet to come was
    // the clock's mistake, and nothing would be due until then.
    RetentionState before =
        isPreviewed(entry, known) && known.since() <= now.toEpochMilli() ? known : known.from(now);
    String request = entry.retention().runRequest();
    boolean ordered = request != null && !request.equals(before.request());
    boolean due = entry.isDue(Instant.ofEpochMilli(before.since()), now);
    boolean acknowledged = isAcknowledged(entry, before);
    boolean carriesOut = ordered || due;
    // What is due stays due until it is known what runs.
    boolean wanted = (carriesOut || acknowledged) && (!entry.retention().enforce() || !waits());
    if (!wanted && !isStale(entry, before, now)) {
      return before;
    }
    DeletionLimit limit = entry.limit();
    Tally tally = pass.look(entry, now);
    boolean exceeded = limit.isExceeded(tally.expiringTags(), tally.tags());
    if (!wanted || !entry.retention().enforce()) {
      return looked(entry, before, tally, exceeded, wanted && carriesOut, now);
    }
    if (exceeded && !acknowledged) {
      return looked(entry, before, tally, exceeded, true, now);
    }
    // What is only acknowledged is all that goes, also when the rules name a few more by now.
    boolean all = carriesOut && !exceeded;
    long deleted =
        all
            ? pass.delete(entry, now, (name, victim) -> true)
            : pass.delete(entry, now, heldBack(before)::contains);
    LOG.info("retention of {} removed {} tags", entry.described(), deleted);
    String used = acknowledged ? entry.retention().acknowledged() : before.acknowledged();
    return left(entry, before.ran(used, deleted, now), now);
  }

  /** Whether it is known what goes by these rules. */
  private static boolean isPreviewed(Entry entry, RetentionState state) {
    return state.preview() != null && state.rules().equals(entry.hash());
  }

  /** By the revision of the preview that waits, which counts once. */
  private static boolean isAcknowledged(Entry entry, RetentionState before) {
    return before.held()
        && before.preview() != null
        && before.rules().equals(entry.hash())
        && before.preview().revision().equals(entry.retention().acknowledged())
        && !before.preview().revision().equals(before.acknowledged());
  }

  private static boolean isStale(Entry entry, RetentionState before, Instant now) {
    if (before.preview() == null || !before.rules().equals(entry.hash())) {
      return true;
    }
    Duration age = Duration.between(Instant.ofEpochMilli(before.preview().at()), now);
    return !before.held() && (age.isNegative() || age.compareTo(PREVIEW) >= 0);
  }

  /** What was acknowledged, and nothing that came since. */
  private static VictimSet heldBack(RetentionState before) {
    return VictimSet.read(Objects.requireNonNullElse(before.victims(), ""));
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
    String victims = exceeded ? tally.victims().write() : null;
    String revision =
        held && before.preview() != null && isWaiting(entry, before, victims)
            ? before.preview().revision()
            : tally.victims().revision(entry.hash(), now);
    return new RetentionState(
        entry.hash(),
        carriedOut ? now.toEpochMilli() : before.since(),
        carriedOut && entry.retention().runRequest() != null
            ? entry.retention().runRequest()
            : before.request(),
        before.acknowledged(),
        before.lastRunAt(),
        before.deletedTags(),
        held,
        held ? held(entry, tally, revision) : null,
        tally.preview(revision, now),
        victims);
  }

  /** Whether the same waits already, for an acknowledgement that perhaps is on its way. */
  private static boolean isWaiting(Entry entry, RetentionState before, @Nullable String victims) {
    return before.held()
        && before.rules().equals(entry.hash())
        && Objects.equals(before.victims(), victims);
  }

  private static String held(Entry entry, Tally tally, String revision) {
    return "%d of %d tags would go, and maxDeletions is %s: look at the preview, then set the annotation berth.dev/acknowledge-retention to %s, or change the rules"
        .formatted(tally.expiringTags(), tally.tags(), entry.retention().maxDeletions(), revision);
  }

  /** Deleted; what is left for the next run is looked at anew. */
  private RetentionState left(Entry entry, RetentionState ran, Instant now) {
    Tally left = pass.look(entry, now);
    boolean exceeded = entry.limit().isExceeded(left.expiringTags(), left.tags());
    return looked(entry, ran, left, exceeded, true, now);
  }
}
