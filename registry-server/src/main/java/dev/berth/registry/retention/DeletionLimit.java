package dev.berth.registry.retention;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Most tags that go in one run without being acknowledged.
 *
 * @param most a number, or of a hundred
 */
public record DeletionLimit(long most, boolean isPercentage) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(%?)");

  /**
   * Reads {@code 25%} or {@code 25}.
   *
   * @throws IllegalArgumentException for anything else; the message says what is wrong
   */
  public static DeletionLimit parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "maxDeletions is '" + text + "': it must be a number, or a percentage such as 25%");
    }
    return new DeletionLimit(Long.parseLong(form.group(1)), !form.group(2).isEmpty());
  }

  /** Whether that many are more than it allows. */
  public boolean isExceeded(long expiring, long tags) {
    return isPercentage ? expiring * 100 > tags * most : expiring > most;
  }

  @Override
  public String toString() {
    return most + (isPercentage ? "%" : "");
  }
}
