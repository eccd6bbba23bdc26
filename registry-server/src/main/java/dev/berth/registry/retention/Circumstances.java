package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What a plan depends on besides rules and content.
 *
 * @param now ages are counted up to this moment
 * @param graceSince a manifest without a tag that lost a reference or was pulled after this is
 *     garbage collection's to judge
 * @param running whether a Pod runs the digest
 */
public record Circumstances(Instant now, Instant graceSince, Predicate<Digest> running) {}
