package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tag that perhaps goes.
 *
 * @param pushedAt when it was last set
 * @param pulledAt when somebody last asked for it; null: nobody did
 * @param immutable whether it stays, whatever a rule says
 */
public record TagCandidate(
    String name, Digest digest, Instant pushedAt, @Nullable Instant pulledAt, boolean immutable) {}
