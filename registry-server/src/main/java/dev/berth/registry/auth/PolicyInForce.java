package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.PolicyIdentities;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest policy document that the server was given. Without one nobody may do anything. */
@Singleton
public final class PolicyInForce implements PolicyIdentities {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyInForce.class);

  private static final Pullable NOTHING =
      new Pullable() {
        @Override
        public boolean includes(String repository) {
          return false;
        }

        @Override
        public Optional<Start> after(String repository) {
          return Optional.empty();
        }
      };

  private final Clock clock;
  private volatile @Nullable InForce inForce;

  /** When somebody who knows it said that the document in force is still what holds. */
  private volatile @Nullable Instant confirmedAt;

  /** Without any document: nobody may do anything. */
  public PolicyInForce(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes a document unless a newer one is in force.
   *
   * @return the revision now in force
   * @throws IllegalArgumentException when the document says something that cannot be understood
   */
  public synchronized String offer(PolicyDocument document) {
    return offer(document, new CompiledPolicy(document));
  }

  synchronized String offer(PolicyDocument document, CompiledPolicy compiled) {
    InForce current = inForce;
    if (current != null && !current.isReplacedBy(document)) {
      return current.revision;
    }
    inForce = new InForce(document.revision(), document.sequence(), compiled, clock.instant());
    LOG.info(
        "policy revision {} (sequence {}) is in force", document.revision(), document.sequence());
    return document.revision();
  }

  /**
   * Notes that the document of this revision, if it is in force, is what holds at this moment.
   *
   * @return the revision in force
   */
  public synchronized String confirm(String revision) {
    if (inForce != null && revision().equals(revision)) {
      confirmedAt = clock.instant();
    }
    return revision();
  }

  /**
   * Whether it is known what Pods run: while nobody confirms a document that asks for it, images
   * may have been started that it does not name. How long ago a clock that was set back does not
   * say.
   */
  public boolean knowsWhatRuns() {
    if (inForce == null) {
      return false;
    }
    Long holds = space().runningHoldsMillis();
    Instant confirmed = confirmedAt;
    if (holds == null || confirmed == null) {
      return holds == null;
    }
    Duration ago = Duration.between(confirmed, clock.instant());
    return !ago.isNegative() && ago.toMillis() <= holds;
  }

  /** Decides by the document in force at this moment. */
  public Decision decide(Caller caller, RepositoryName repository, Action action) {
    InForce now = inForce;
    return now == null
        ? CompiledPolicy.refused(caller, repository.value(), action)
        : now.policy.decide(caller, repository.value(), action, clock.instant());
  }

  /** Whether any grant is to a group of this name. */
  boolean namesGroup(String group) {
    InForce now = inForce;
    return now != null && now.policy.namesGroup(group);
  }

  /** What holds for the content of a repository at this moment, whoever pushes or deletes. */
  public RepositoryRules rules(RepositoryName repository) {
    InForce now = inForce;
    return now == null ? RepositoryRules.NONE : now.policy.rules(repository.value());
  }

  /** What holds for space at this moment. */
  public SpaceRules space() {
    InForce now = inForce;
    return now == null ? SpaceRules.NONE : now.policy.space();
  }

  /** The entry that governs a repository; empty: none declares it. */
  public Optional<DeclaredRepository> declaring(RepositoryName repository) {
    return Optional.ofNullable(inForce).flatMap(now -> now.policy.declaring(repository.value()));
  }

  /** Every Repository that counts. */
  public List<DeclaredRepository> declared() {
    InForce now = inForce;
    return now == null ? List.of() : now.policy.declared();
  }

  /** What a caller may pull from by the document in force at this moment. */
  Pullable pullable(Caller caller) {
    InForce now = inForce;
    return now == null ? NOTHING : now.policy.pullable(caller, clock.instant());
  }

  @Override
  public Optional<ClusterTokens> clusterTokens() {
    return Optional.ofNullable(inForce).flatMap(now -> now.policy.clusterTokens());
  }

  @Override
  public Optional<PullSecrets> pullSecrets(String policy) {
    return Optional.ofNullable(inForce).flatMap(now -> now.policy.pullSecrets(policy));
  }

  @Override
  public boolean isCurrent(Caller caller) {
    InForce now = inForce;
    return now == null ? caller.incarnation().isEmpty() : now.policy.isCurrent(caller);
  }

  /** Its revision; empty when there is none. */
  public String revision() {
    InForce now = inForce;
    return now == null ? "" : now.revision;
  }

  /** When the revision in force came. */
  public Optional<Instant> since() {
    return Optional.ofNullable(inForce).map(InForce::since);
  }

  private record InForce(String revision, long sequence, CompiledPolicy policy, Instant since) {
    boolean isReplacedBy(PolicyDocument offered) {
      return offered.sequence() > sequence
          || (offered.sequence() == sequence && !offered.revision().equals(revision));
    }
  }
}
