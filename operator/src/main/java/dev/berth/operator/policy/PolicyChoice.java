package dev.berth.operator.policy;

import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.SpaceRules;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The document that goes into force.
 *
 * @param tooLarge the newest content does not fit, and this is the last one that did; nothing is
 *     ever left out of a document
 */
public record PolicyChoice(PolicyDocument document, boolean tooLarge) {

  /** Of a Secret's data, in bytes, with room for its other keys. */
  private static final int MAX_BYTES = 1_000_000;

  /**
   * Chooses between the newest content and the document in force. Equal content keeps its sequence;
   * another gets a greater one, also after the Secret that held the last was lost.
   *
   * @param inForce what the policy Secret holds; null: nothing yet
   */
  public static PolicyChoice of(
      PolicyDocument.Content content, @Nullable PolicyDocument inForce, Clock clock) {
    // The whole document is compared: the revision alone could stand over a content that somebody
    // changed.
    if (inForce != null
        && inForce.equals(PolicyDocumentFormat.document(content, inForce.sequence()))) {
      return new PolicyChoice(inForce, false);
    }
    PolicyDocument next =
        PolicyDocumentFormat.document(
            content, Math.max(clock.millis(), inForce == null ? 0 : after(inForce.sequence())));
    if (PolicyDocumentFormat.gzip(next).length <= MAX_BYTES) {
      return new PolicyChoice(next, false);
    }
    return new PolicyChoice(inForce == null ? denyAll(content, next) : inForce, true);
  }

  /** A server takes an equal sequence with another revision too, so the greatest is not the end. */
  private static long after(long sequence) {
    return sequence == Long.MAX_VALUE ? sequence : sequence + 1;
  }

  /**
   * Before any document ever fitted, nobody may do anything, and nothing goes by a rule: no
   * Repository is there to protect what is its own.
   */
  private static PolicyDocument denyAll(PolicyDocument.Content content, PolicyDocument next) {
    SpaceRules space = content.space();
    return PolicyDocumentFormat.document(
        new PolicyDocument.Content(
            false,
            content.creation(),
            List.of(),
            List.of(),
            content.immutableTags(),
            null,
            List.of(),
            space == null ? null : space.withoutRetention()),
        next.sequence());
  }
}
