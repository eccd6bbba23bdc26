package dev.berth.registry.retention.run;

import dev.berth.policy.Canary;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.PullTimes;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.metadata.Expiry.Expired;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.observe.AuditLog;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import dev.berth.registry.retention.Circumstances;
import dev.berth.registry.retention.RetentionPlan;
import dev.berth.registry.retention.RetentionPlanner;
import dev.berth.registry.retention.RetentionRules;
import dev.berth.registry.retention.Victim;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** Goes through the repositories of one entry, one at a time, to look or to delete. */
@Singleton
final class RetentionPass {
  /** Removed in one transaction: others wait for it no longer than for a push. */
  private static final int AT_ONCE = 100;

  private final MetadataStore metadata;
  private final Expiry expiry;
  private final Entries entries;
  private final PolicyInForce policy;
  private final PullTimes pullTimes;
  private final AuditLog audit;
  private final Duration grace;

  RetentionPass(
      MetadataStore metadata,
      Entries entries,
      PolicyInForce policy,
      PullTimes pullTimes,
      AuditLog audit,
      RegistryConfiguration configuration) {
    this.metadata = metadata;
    this.expiry = metadata.expiry();
    this.entries = entries;
    this.policy = policy;
    this.pullTimes = pullTimes;
    this.audit = audit;
    this.grace = configuration.garbageCollection().gracePeriod();
  }

  /** What would go at this moment. */
  Tally look(Entry entry, Instant now) {
    RetentionRules rules = entry.rules();
    Tally tally = new Tally();
    pullTimes.write();
    each(
        entry,
        name -> {
          RetentionPlan plan = plan(name, rules, now);
          long freed =
              plan.leaving().isEmpty() ? 0 : expiry.freedBytes(name, plan.leaving()::contains);
          tally.add(name, plan, freed);
        });
    return tally;
  }

  /**
   * Deletes what goes by the same plan.
   *
   * @param allowed of these
   * @return how many tags went
   */
  long delete(Entry entry, Instant now, BiPredicate<RepositoryName, Victim> allowed) {
    RetentionRules rules = entry.rules();
    long[] deleted = {0};
    each(
        entry,
        name -> {
          List<Victim> victims =
              plan(name, rules, now).victims().stream()
                  .filter(victim -> allowed.test(name, victim))
                  .toList();
          for (int from = 0; from < victims.size(); from += AT_ONCE) {
            List<Victim> some = victims.subList(from, Math.min(from + AT_ONCE, victims.size()));
            deleted[0] += delete(entry, name, some, now);
          }
        });
    return deleted[0];
  }

  private long delete(Entry entry, RepositoryName name, List<Victim> victims, Instant now) {
    pullTimes.write();
    // Rules that were changed while this runs hold at once.
    if (!entries.stillHold(entry, name)) {
      return 0;
    }
    List<Expired> expired =
        victims.stream()
            .filter(victim -> !runs(victim.digest()))
            .filter(victim -> !isImmutable(name, victim))
            .map(RetentionPass::expired)
            .toList();
    List<Expired> removed = expiry.remove(name, expired, now);
    for (Victim victim : victims) {
      if (removed.contains(expired(victim))) {
        audit.expired(
            entry.described(),
            name.value(),
            victim.reference(),
            victim.digest().toString(),
            victim.rule(),
            victim.reason());
      }
    }
    return removed.stream().filter(one -> one.reference() instanceof Tag).count();
  }

  private static Expired expired(Victim victim) {
    return new Expired(
        victim.tag() == null ? victim.digest() : new Tag(victim.tag()),
        victim.digest(),
        victim.pushedAt(),
        "retention " + victim.rule() + ": " + victim.reason());
  }

  private boolean isImmutable(RepositoryName name, Victim victim) {
    return victim.tag() != null && policy.rules(name).isImmutable(new Tag(victim.tag()));
  }

  private RetentionPlan plan(RepositoryName name, RetentionRules rules, Instant now) {
    ContentReader reader = new ContentReader(policy.rules(name));
    expiry.read(name, reader);
    return RetentionPlanner.plan(
        reader.content(), rules, new Circumstances(now, now.minus(grace), this::runs));
  }

  private boolean runs(Digest digest) {
    return policy.space().running().contains(digest.toString());
  }

  private void each(Entry entry, Consumer<RepositoryName> visitor) {
    metadata
        .beginningWith(entry.start())
        .filter(name -> !Canary.is(name))
        .map(RepositoryName::new)
        .filter(name -> entries.of(name).equals(entry.name()))
        .forEach(visitor);
  }
}
