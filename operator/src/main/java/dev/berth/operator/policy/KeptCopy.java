package dev.berth.operator.policy;

import java.time.Instant;

/**
 * What a copy of a pull secret tells; whoever may write Secrets in its namespace may have changed
 * all of it.
 *
 * @param generation of its password
 * @param made when the Secret was made
 * @param written when the operator last changed it
 */
public record KeptCopy(
    String namespace, String name, long generation, Instant made, Instant written) {}
