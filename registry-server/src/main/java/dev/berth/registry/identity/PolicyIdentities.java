package dev.berth.registry.identity;

import dev.berth.policy.ClusterTokens;
import dev.berth.policy.PullSecrets;
import java.util.Optional;

/** The identities that the policy in force tells of. */
public interface PolicyIdentities {

  /** Whose ServiceAccounts count. */
  Optional<ClusterTokens> clusterTokens();

  /**
   * The credentials that an AccessPolicy keeps.
   *
   * @param policy {@code namespace/name}
   */
  Optional<PullSecrets> pullSecrets(String policy);

  /** Whether the caller's ServiceAccount or pull secret is still the one it was; true for users. */
  boolean isCurrent(Caller caller);
}
