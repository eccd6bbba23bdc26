package dev.berth.policy;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which images go after a while. What any keep rule names stays; of the rest goes what an expire
 * rule names.
 *
 * @param schedule cron expression of five fields, in UTC
 * @param enforce whether a run deletes; else it only shows what would go
 * @param maxDeletions most tags that one run deletes without being acknowledged: a number, or a
 *     percentage of the tags such as {@code 25%}
 * @param acknowledged revision of a preview that may be carried out although it deletes more
 * @param runRequest a run is wanted now when this is new; null: none is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Retention(
    List<Keep> keep,
    List<Expire> expire,
    String schedule,
    boolean enforce,
    String maxDeletions,
    @Nullable String acknowledged,
    @Nullable String runRequest) {

  private static final String NUMBERS = "[0-9]{1,2}(-[0-9]{1,2})?";
  private static final String NAMES = "[A-Za-z]{3}(-[A-Za-z]{3})?";
  private static final String STEP = "(/[1-9][0-9]?)?";
  private static final String TIME = "(\\*|" + NUMBERS + ")" + STEP;
  private static final String DATE = "(\\*|" + NUMBERS + "|" + NAMES + ")" + STEP;

  /**
   * What a schedule looks like: minute, hour, day of the month, month, day of the week. The parser
   * of Micronaut takes more, and never ends with some of that.
   */
  public static final String SCHEDULE =
      "^"
          + TIME
          + "(,"
          + TIME
          + ")*( "
          + TIME
          + "(,"
          + TIME
          + ")*){2}( "
          + DATE
          + "(,"
          + DATE
          + ")*){2}$";

  public Retention {
    keep = List.copyOf(requireNonNullElse(keep, List.of()));
    expire = List.copyOf(requireNonNullElse(expire, List.of()));
    requireNonNull(schedule, "schedule");
    requireNonNull(maxDeletions, "maxDeletions");
  }

  /** The rules alone. */
  Retention withoutOrders() {
    return new Retention(keep, expire, schedule, enforce, maxDeletions, null, null);
  }

  /**
   * Exactly one of the last three says what stays of the tags that match.
   *
   * @param tags globs
   * @param mostRecentlyPushed this many of each repository
   * @param pulledWithinMillis those that were pulled, or else pushed, within this time
   * @param always all of them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Keep(
      List<String> tags,
      @Nullable Integer mostRecentlyPushed,
      @Nullable Long pulledWithinMillis,
      boolean always) {

    public Keep {
      tags = List.copyOf(requireNonNull(tags, "tags"));
    }
  }

  /**
   * Tags, or manifests without one.
   *
   * @param tags globs; empty with {@code untagged}
   * @param pushedBeforeMillis what was pushed longer ago than this
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Expire(List<String> tags, boolean untagged, long pushedBeforeMillis) {

    public Expire {
      tags = List.copyOf(requireNonNullElse(tags, List.of()));
    }
  }
}
