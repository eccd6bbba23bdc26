package dev.berth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;

/** Which images go after a while. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetentionSpec(
    @Size(max = 32)
        @JsonPropertyDescription("A tag or manifest that any of these rules names stays.")
        List<KeepRule> keep,
    @Size(max = 32)
        @JsonPropertyDescription(
            "What no keep rule names goes when one of these rules names it. Without any, "
                + "nothing goes.")
        List<ExpireRule> expire,
    @Default("0 3 * * *")
        @Size(min = 9, max = 128)
        @Pattern(Grammar.CRON)
        @JsonPropertyDescription(
            "When the rules are applied, as a cron expression of five fields in UTC, for "
                + "example \"0 3 * * *\". Default: once a day at 03:00.")
        String schedule,
    @Default("DryRun")
        @JsonPropertyDescription(
            "DryRun only shows in status what would go; Enforce deletes it. Default: DryRun.")
        RetentionMode mode,
    @Default("25%")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        @Pattern(Grammar.PERCENTAGE)
        @JsonPropertyDescription(
            "Most tags that one run may delete, as a number or a percentage of the tags. A "
                + "run that would delete more deletes nothing until the annotation "
                + "berth.dev/acknowledge-retention names its revision. Default: 25%.")
        IntOrString maxDeletions) {

  /** Puts the documented defaults in place of what is absent. */
  public RetentionSpec {
    keep = requireNonNullElse(keep, List.of());
    expire = requireNonNullElse(expire, List.of());
    schedule = requireNonNullElse(schedule, "0 3 * * *");
    mode = requireNonNullElse(mode, RetentionMode.DRY_RUN);
    maxDeletions = requireNonNullElse(maxDeletions, new IntOrString("25%"));
  }
}
