package dev.berth.operator.policy;

import dev.berth.policy.PolicyDocument;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What all Repositories and AccessPolicies of one Registry come to, with a verdict on each.
 *
 * @param nextExpiry when the next AccessPolicy ends, and all of this has to be compiled anew
 */
public record CompiledPolicy(
    PolicyDocument.Content content,
    Map<ObjectKey, Verdict> repositories,
    Map<ObjectKey, Verdict> accessPolicies,
    Optional<Instant> nextExpiry) {}
