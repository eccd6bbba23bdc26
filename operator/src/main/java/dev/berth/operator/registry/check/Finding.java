package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;

/**
 * Something that keeps a Registry from being what its spec says.
 *
 * @param type of the condition that is False because of it
 * @param effect what follows for the registry
 * @param message what is wrong; the reason's remedy is not in it
 */
public record Finding(ConditionType type, Reason reason, Effect effect, String message) {

  /** How bad it is. */
  public enum Effect {
    /** The children cannot be rendered: what runs goes on as it is. */
    BLOCKS,
    /** The children are rendered, and the registry is not ready. */
    NOT_READY,
    /** The registry is ready all the same. */
    NOTED
  }
}
