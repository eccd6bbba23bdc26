package dev.berth.quickstart.node;

/**
 * The answer to a probe.
 *
 * @param message why it failed; empty when it passed
 */
record ProbeResult(boolean passed, String message) {

  static ProbeResult pass() {
    return new ProbeResult(true, "");
  }

  static ProbeResult fail(String message) {
    return new ProbeResult(false, message);
  }
}
