package dev.berth.operator.policy;

import dev.berth.policy.PolicyDocument;
import java.util.Map;

/** What all Repositories and AccessPolicies of one Registry come to, with a verdict on each. */
public record CompiledPolicy(
    PolicyDocument.Content content,
    Map<ObjectKey, Verdict> repositories,
    Map<ObjectKey, Verdict> accessPolicies) {}
