package dev.berth.registry.retention.run;

import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.retention.RetentionPlan;
import dev.berth.registry.retention.Victim;
import dev.berth.registry.retention.run.RetentionState.Expiring;
import dev.berth.registry.retention.run.RetentionState.Preview;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Adds up the plans of the repositories of one entry. */
final class Tally {
  /** Of a status that everybody reads. */
  private static final int SAMPLE = 20;

  private final VictimSet victims = new VictimSet();
  private final List<Expiring> sample = new ArrayList<>();
  private long tags;
  private long expiringTags;
  private long expiringManifests;
  private long freedBytes;

  void add(RepositoryName repository, RetentionPlan plan, long freed) {
    tags += plan.tags();
    expiringTags += plan.expiringTags();
    expiringManifests += plan.victims().size() - plan.expiringTags();
    freedBytes += freed;
    for (Victim victim : plan.victims()) {
      victims.add(repository, victim);
      if (sample.size() < SAMPLE) {
        sample.add(
            new Expiring(
                repository.value(),
                victim.tag(),
                victim.digest().toString(),
                victim.rule(),
                victim.reason()));
      }
    }
  }

  long tags() {
    return tags;
  }

  long expiringTags() {
    return expiringTags;
  }

  VictimSet victims() {
    return victims;
  }

  Preview preview(String revision, Instant at) {
    return new Preview(
        revision,
        at.toEpochMilli(),
        expiringTags,
        expiringManifests,
        freedBytes,
        List.copyOf(sample));
  }
}
