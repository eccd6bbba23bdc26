package dev.berth.operator.policy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads numbers of bytes as Kubernetes writes amounts. */
final class Bytes {

  /** An exponent of any length would be a number of any length. */
  private static final Pattern BOUNDED =
      Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?([KMGTPE]i|[numkMGTPE]|[eE][0-9]{1,2})?");

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Bytes() {}

  /**
   * The whole number of bytes, a part of one counted as one.
   *
   * @return empty for what is none; the most that a number can say for what is more
   */
  static Optional<Long> of(Quantity quantity) {
    String text = quantity.toString();
    return BOUNDED.matcher(text).matches()
        ? Optional.of(
            Quantity.getAmountInBytes(new Quantity(text))
                .setScale(0, RoundingMode.CEILING)
                .min(MOST)
                .longValueExact())
        : Optional.empty();
  }
}
