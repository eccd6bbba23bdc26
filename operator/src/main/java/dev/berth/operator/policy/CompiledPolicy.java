package dev.berth.operator.policy;

import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.SpaceRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What all Repositories and AccessPolicies of one Registry come to, with a verdict on each.
 *
 * @param nextExpiry when the next AccessPolicy ends, and all of this has to be compiled anew
 */
public record CompiledPolicy(
    PolicyDocument.Content content,
    Map<ObjectKey, Verdict> repositories,
    Map<ObjectKey, Verdict> accessPolicies,
    Optional<Instant> nextExpiry) {

  /** The same, with credentials in namespaces. */
  CompiledPolicy with(List<PullSecrets> pullSecrets) {
    return new CompiledPolicy(
        new PolicyDocument.Content(
            content.anonymous(),
            content.creation(),
            content.repositories(),
            content.grants(),
            content.immutableTags(),
            content.clusterTokens(),
            pullSecrets,
            content.space()),
        repositories,
        accessPolicies,
        nextExpiry);
  }

  /** The same, with the digests that Pods run. */
  public CompiledPolicy running(SortedSet<String> digests) {
    SpaceRules space = content.spaceRules();
    return new CompiledPolicy(
        new PolicyDocument.Content(
            content.anonymous(),
            content.creation(),
            content.repositories(),
            content.grants(),
            content.immutableTags(),
            content.clusterTokens(),
            content.pullSecrets(),
            new SpaceRules(
                space.storageBytes(),
                space.quota(),
                space.retention(),
                digests,
                space.collectRequest())),
        repositories,
        accessPolicies,
        nextExpiry);
  }

  /** The entry of the AccessPolicy's credentials; empty: none counts. */
  public Optional<PullSecrets> pullSecrets(ObjectKey accessPolicy) {
    String name = accessPolicy.toString();
    return content.pullSecrets().stream().filter(entry -> entry.policy().equals(name)).findFirst();
  }
}
