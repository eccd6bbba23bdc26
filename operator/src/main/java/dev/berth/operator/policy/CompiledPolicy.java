package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.policy.Canary;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PullSecrets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

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
  private static final long CANARY_GENERATION = 1;

  /** The same, with credentials in namespaces. */
  CompiledPolicy with(List<PullSecrets> pullSecrets) {
    return with(content.withPullSecrets(pullSecrets));
  }

  /**
   * The same, with the digests that Pods run.
   *
   * @param holds how long a server believes it after it was confirmed
   */
  public CompiledPolicy running(SortedSet<String> digests, Duration holds) {
    return with(content.withSpace(content.spaceRules().withRunning(digests, holds)));
  }

  /**
   * The same, with the credential by which the nodes of a Registry prove that they can pull. It is
   * for an image that holds nothing, in a namespace whose Secrets hold the Registry's keys: there
   * is no reason to ever make another one.
   */
  public CompiledPolicy canary(Registry registry) {
    return with(
        Stream.concat(
                Stream.of(
                    new PullSecrets(
                        Canary.POLICY,
                        registry.getMetadata().getUid(),
                        List.of(CANARY_GENERATION),
                        new TreeSet<>(Set.of(registry.getMetadata().getNamespace())))),
                content.pullSecrets().stream())
            .toList());
  }

  private CompiledPolicy with(PolicyDocument.Content changed) {
    return new CompiledPolicy(changed, repositories, accessPolicies, nextExpiry);
  }

  /** The entry of the AccessPolicy's credentials; empty: none counts. */
  public Optional<PullSecrets> pullSecrets(ObjectKey accessPolicy) {
    String name = accessPolicy.toString();
    return content.pullSecrets().stream().filter(entry -> entry.policy().equals(name)).findFirst();
  }
}
