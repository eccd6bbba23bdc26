package dev.berth.policy;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What holds for space beyond what single Repositories declare.
 *
 * @param storageBytes most bytes that the whole registry stores; null: no limit
 * @param quota of each repository that no entry declares; null: none
 * @param retention of the repositories that no entry declares; null: nothing goes
 * @param running digests that Pods run: neither collected nor expired
 * @param runningHoldsMillis how long what is said of running Pods holds after it was confirmed
 *     last; null: for good
 * @param collectRequest garbage collection is wanted now when this is new; null: it is not
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SpaceRules(
    @Nullable Long storageBytes,
    @Nullable Quota quota,
    @Nullable Retention retention,
    SortedSet<String> running,
    @Nullable Long runningHoldsMillis,
    @Nullable String collectRequest) {

  /** No limit, nothing that goes by a rule, nothing that runs. */
  public static final SpaceRules NONE =
      new SpaceRules(null, null, null, Collections.emptySortedSet(), null);

  public SpaceRules {
    running =
        Collections.unmodifiableSortedSet(
            new TreeSet<>(requireNonNullElse(running, Collections.<String>emptySortedSet())));
  }

  /** Whose running digests hold for good. */
  public SpaceRules(
      @Nullable Long storageBytes,
      @Nullable Quota quota,
      @Nullable Retention retention,
      SortedSet<String> running,
      @Nullable String collectRequest) {
    this(storageBytes, quota, retention, running, null, collectRequest);
  }

  /** The same, with these digests that Pods run. */
  public SpaceRules withRunning(SortedSet<String> digests) {
    return withRunning(digests, null);
  }

  /** The same, with these digests that Pods run, as long as that is confirmed now and then. */
  public SpaceRules withRunning(SortedSet<String> digests, @Nullable Duration holds) {
    return new SpaceRules(
        storageBytes,
        quota,
        retention,
        digests,
        holds == null ? null : holds.toMillis(),
        collectRequest);
  }

  /** The same, with nothing that goes by a rule. */
  public SpaceRules withoutRetention() {
    return new SpaceRules(storageBytes, quota, null, running, runningHoldsMillis, collectRequest);
  }

  /** Whether nothing of it says anything. */
  public boolean isEmpty() {
    return equals(NONE);
  }
}
