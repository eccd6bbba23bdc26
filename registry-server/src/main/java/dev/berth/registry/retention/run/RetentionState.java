package dev.berth.registry.retention.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one entry of the policy document. Times are milliseconds since 1970.
 *
 * @param rules hash of the rules that the preview is by
 * @param since the schedule was carried out up to this time
 * @param request the order that was carried out last, or that was there before the rules
 * @param acknowledged the revision whose acknowledgement was used last
 * @param lastRunAt when something could be deleted last; null: never
 * @param deletedTags by that run
 * @param held whether more would go than may go without being acknowledged
 * @param problem what somebody must do before anything goes; null: nothing
 * @param preview what the next run deletes; null: it is not known
 * @param victims of the preview that is held, as {@link VictimSet} writes them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RetentionState(
    String rules,
    long since,
    @Nullable String request,
    @Nullable String acknowledged,
    @Nullable Long lastRunAt,
    long deletedTags,
    boolean held,
    @Nullable String problem,
    @Nullable Preview preview,
    @Nullable String victims) {

  RetentionState {
    requireNonNull(rules, "rules");
  }

  /**
   * One of an entry that nothing is known of.
   *
   * @param request was perhaps carried out before the entry was forgotten: it is not new
   */
  static RetentionState first(Instant now, @Nullable String request) {
    return new RetentionState(
        "", now.toEpochMilli(), request, null, null, 0, false, null, null, null);
  }

  /** The same, with nothing to make up for. */
  RetentionState from(Instant now) {
    return new RetentionState(
        rules,
        now.toEpochMilli(),
        request,
        acknowledged,
        lastRunAt,
        deletedTags,
        held,
        problem,
        preview,
        victims);
  }

  /** After tags were deleted: what was looked at before is no longer known. */
  RetentionState ran(@Nullable String acknowledged, long deleted, Instant now) {
    return new RetentionState(
        rules, since, request, acknowledged, now.toEpochMilli(), deleted, false, null, null, null);
  }

  /**
   * What goes.
   *
   * @param revision of all that goes, as {@link VictimSet} reckons it
   * @param expiringManifests those without a tag
   * @param sample the first ones
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Preview(
      String revision,
      long at,
      long expiringTags,
      long expiringManifests,
      long expiringBytes,
      List<Expiring> sample) {

    Preview {
      requireNonNull(revision, "revision");
      sample = List.copyOf(requireNonNull(sample, "sample"));
    }
  }

  /**
   * One of those.
   *
   * @param tag null: a manifest without one
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Expiring(
      String repository, @Nullable String tag, String digest, String rule, String reason) {

    Expiring {
      requireNonNull(repository, "repository");
      requireNonNull(digest, "digest");
      requireNonNull(rule, "rule");
      requireNonNull(reason, "reason");
    }
  }
}
