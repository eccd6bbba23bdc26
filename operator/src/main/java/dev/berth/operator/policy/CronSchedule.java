package dev.berth.operator.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.policy.Retention;
import io.micronaut.scheduling.cron.CronExpression;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what is wrong with a cron expression of five fields, by the parser that the server has. */
final class CronSchedule {

  /** As long as the schema takes it. */
  private static final int LONGEST = 128;

  /** The parser does not end with some of what does not match. */
  private static final Pattern FORM = Pattern.compile(Retention.SCHEDULE);

  /** Every visit asks for the same, and to find that a day never comes takes half a second. */
  private static final int MOST = 1_000;

  private static final ZonedDateTime FROM =
      ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  /** After so many years the days of the week fall on the same dates again. */
  private static final int YEARS = 28;

  private static final Cache<String, Optional<String>> PROBLEMS =
      Caffeine.newBuilder().maximumSize(MOST).build();

  private CronSchedule() {}

  /** What is wrong with it, after its name in a sentence; empty: nothing. */
  static Optional<String> problem(String expression) {
    return expression.length() > LONGEST || !FORM.matcher(expression).matches()
        ? Optional.of("is no cron expression of five fields, such as 0 3 * * *")
        : PROBLEMS.get(expression, CronSchedule::find);
  }

  private static Optional<String> find(String expression) {
    CronExpression cron;
    try {
      cron = CronExpression.create(expression);
    } catch (IllegalArgumentException e) {
      return Optional.of("is no cron expression of five fields: " + e.getMessage());
    }
    try {
      // The parser looks four years ahead, whenever that is: it must find a time in any of them.
      for (int years = 0; years < YEARS; years++) {
        cron.nextTimeAfter(FROM.plusYears(years));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("never comes true, or not for four years");
    }
  }
}
