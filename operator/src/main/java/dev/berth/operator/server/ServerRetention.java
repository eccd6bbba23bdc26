package dev.berth.operator.server;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What retention did with the repositories of one entry, and will do.
 *
 * @param rules which rules it is by; null: the server does not say
 * @param revision of the preview
 * @param deletedTags by the last run
 * @param held whether the next run waits for an acknowledgement
 * @param waiting whether nothing is deleted until the server hears again what Pods run
 * @param problem what somebody must do first
 * @param preview null: nothing was looked at yet, or nothing can be deleted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServerRetention(
    @Nullable String rules,
    @Nullable String revision,
    @Nullable String lastRunAt,
    long deletedTags,
    boolean held,
    boolean waiting,
    @Nullable String problem,
    @Nullable Preview preview) {

  /** Whether it is by these rules, or may be: an older server does not say by which. */
  public boolean isBy(String hash) {
    return rules == null || rules.equals(hash);
  }

  /**
   * What the next run deletes.
   *
   * @param expiringManifests without a tag
   * @param expiringBytes that become free
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Preview(
      @Nullable String at,
      long expiringTags,
      long expiringManifests,
      long expiringBytes,
      List<Sample> sample) {
    public Preview {
      sample = List.copyOf(requireNonNullElse(sample, List.of()));
    }
  }

  /**
   * One of those.
   *
   * @param tag null: it has none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Sample(
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String digest,
      @Nullable String rule,
      @Nullable String reason) {}
}
