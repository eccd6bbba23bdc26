package dev.berth.registry.retention.run;

import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import dev.berth.registry.retention.DeletionLimit;
import dev.berth.registry.retention.RetentionRules;
import io.micronaut.scheduling.cron.CronExpression;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the policy document with its rules.
 *
 * @param name {@code namespace/name} of the Repository; empty: of the registry's defaults
 * @param start what the names of its repositories begin with
 */
record Entry(String name, String start, Retention retention) {

  /** The parser does not end with some of what does not match. */
  private static final Pattern SCHEDULE = Pattern.compile(Retention.SCHEDULE);

  /** Of the repositories that no Repository declares. */
  static Entry ofDefaults(Retention retention) {
    return new Entry("", "", retention);
  }

  static Entry of(DeclaredRepository declared, Retention retention) {
    return new Entry(declared.name(), declared.path().start(), retention);
  }

  /** What lays the rules down, for logs. */
  String described() {
    return described(name);
  }

  static String described(String name) {
    return name.isEmpty() ? "the registry's defaults" : "Repository " + name;
  }

  RetentionRules rules() {
    return new RetentionRules(retention);
  }

  DeletionLimit limit() {
    return DeletionLimit.parse(retention.maxDeletions());
  }

  /** Whether the schedule, in UTC, has a time between the two. */
  boolean isDue(Instant since, Instant now) {
    if (!SCHEDULE.matcher(retention.schedule()).matches()) {
      throw noSchedule(null);
    }
    try {
      return !CronExpression.create(retention.schedule())
          .nextTimeAfter(since.atZone(ZoneOffset.UTC))
          .toInstant()
          .isAfter(now);
    } catch (IllegalArgumentException e) {
      throw noSchedule(e);
    }
  }

  private IllegalArgumentException noSchedule(@Nullable Exception cause) {
    return new IllegalArgumentException(
        "schedule is '"
            + retention.schedule()
            + "': it must be a cron expression of five fields, such as 0 3 * * *",
        cause);
  }

  /** The same for the same rules, whatever was ordered or acknowledged. */
  String hash() {
    return PolicyDocumentFormat.hash(retention);
  }
}
