package dev.berth.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One committed change.
 *
 * @param before null when the object was created
 * @param after null when it was removed
 * @param last the object as the change left it, or for a removal as it was, with the revision of
 *     the removal
 */
public record Change(
    long revision,
    ObjectKey key,
    @Nullable ObjectNode before,
    @Nullable ObjectNode after,
    ObjectNode last) {}
