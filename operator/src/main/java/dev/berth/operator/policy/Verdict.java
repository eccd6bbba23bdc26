package dev.berth.operator.policy;

import dev.berth.api.condition.Reason;

/**
 * Whether an object counts.
 *
 * @param generation of the object that was judged
 * @param reason ACCEPTED, or why not (all of) it counts
 * @param message names the path and the rule; the reason's remedy is not in it
 */
public record Verdict(long generation, Reason reason, String message) {

  public boolean isAccepted() {
    return reason == Reason.ACCEPTED;
  }
}
