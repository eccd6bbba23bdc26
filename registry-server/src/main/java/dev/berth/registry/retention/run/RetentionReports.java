package dev.berth.registry.retention.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.registry.retention.run.RetentionState.Expiring;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What retention tells of an entry. */
@Singleton
public final class RetentionReports {
  private final RetentionRuns runs;

  RetentionReports(RetentionRuns runs) {
    this.runs = runs;
  }

  /** Empty: the entry has no rules, or was not looked at yet. */
  public Optional<Report> of(String entry) {
    return runs.state(entry)
        .map(
            state ->
                new Report(
                    state.rules(),
                    state.preview() == null ? null : state.preview().revision(),
                    state.lastRunAt() == null
                        ? null
                        : Instant.ofEpochMilli(state.lastRunAt()).toString(),
                    state.deletedTags(),
                    state.held(),
                    runs.waits(),
                    state.problem(),
                    preview(state.preview())));
  }

  private static @Nullable Preview preview(RetentionState.@Nullable Preview preview) {
    return preview == null
        ? null
        : new Preview(
            Instant.ofEpochMilli(preview.at()).toString(),
            preview.expiringTags(),
            preview.expiringManifests(),
            preview.expiringBytes(),
            preview.sample().stream().map(Sample::of).toList());
  }

  /**
   * What retention did and will do.
   *
   * @param rules which rules it is by, as {@link dev.berth.policy.PolicyDocumentFormat} names them
   * @param revision of the preview
   * @param deletedTags by the last run
   * @param held whether the next run waits for an acknowledgement
   * @param waiting whether nothing is deleted until it is known again what Pods run
   * @param problem what somebody must do first
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Report(
      String rules,
      @Nullable String revision,
      @Nullable String lastRunAt,
      long deletedTags,
      boolean held,
      boolean waiting,
      @Nullable String problem,
      @Nullable Preview preview) {}

  /**
   * What the next run deletes.
   *
   * @param expiringManifests those without a tag
   * @param expiringBytes that become free
   */
  public record Preview(
      String at,
      long expiringTags,
      long expiringManifests,
      long expiringBytes,
      List<Sample> sample) {}

  /** One of those. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Sample(
      String repository, @Nullable String tag, String digest, String rule, String reason) {

    static Sample of(Expiring expiring) {
      return new Sample(
          expiring.repository(),
          expiring.tag(),
          expiring.digest(),
          expiring.rule(),
          expiring.reason());
    }
  }
}
