package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.Grammar;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as Go writes them, in the grammar of {@link Grammar#DURATION}. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

  /** Longer than anybody keeps a cluster; sums with it stay in the calendar. */
  public static final Duration LONGEST = Duration.ofDays(365_000);

  private static final BigDecimal LONGEST_MILLIS = BigDecimal.valueOf(LONGEST.toMillis());

  private GoDuration() {}

  /**
   * Reads a duration that the schema let pass, to the millisecond.
   *
   * @return {@link #LONGEST} for any that is longer
   */
  public static Duration read(String text) {
    BigDecimal millis = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      millis = millis.add(new BigDecimal(parts.group(1)).multiply(unit(parts.group(2))));
    }
    return Duration.ofMillis(
        millis.min(LONGEST_MILLIS).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  /** Writes it in the largest unit that leaves a whole number. */
  public static String write(Duration duration) {
    long millis = duration.toMillis();
    for (String unit : new String[] {"h", "m", "s"}) {
      long each = unit(unit).longValueExact();
      if (millis % each == 0) {
        return millis / each + unit;
      }
    }
    return millis + "ms";
  }

  private static BigDecimal unit(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          default -> 3_600_000;
        });
  }
}
