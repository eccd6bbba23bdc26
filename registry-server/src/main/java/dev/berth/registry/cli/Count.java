package dev.berth.registry.cli;

/** Numbers as lines for people have them. */
final class Count {
  private Count() {}

  /**
   * Such as "1 file" and "2 files".
   *
   * @param one of them, whose plural ends in s
   */
  static String of(long number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }
}
