package dev.berth.registry.config;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations ({@code 90s}, {@code 5m}) and sizes ({@code 4194304}, {@code 4Mi}) as people write
 * them.
 */
public final class Measures {
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,15})([A-Za-z]{0,2})");
  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "Ti", 1L << 40);

  private Measures() {}

  /** Null: it is none. */
  public static @Nullable Duration duration(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    Duration unit = matcher.matches() ? TIMES.get(matcher.group(2)) : null;
    if (unit == null) {
      return null;
    }
    try {
      return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** In the largest unit that leaves a whole number. */
  static String words(long bytes) {
    return SIZES.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .filter(unit -> bytes % unit.getValue() == 0)
        .findFirst()
        .map(unit -> bytes / unit.getValue() + unit.getKey())
        .orElseThrow();
  }

  /** Empty: it is none. */
  public static OptionalLong bytes(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    Long unit = matcher.matches() ? SIZES.get(matcher.group(2)) : null;
    if (unit == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
