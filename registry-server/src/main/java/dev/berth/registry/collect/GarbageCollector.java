package dev.berth.registry.collect;

import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.DigestLocks;
import dev.berth.registry.content.PullTimes;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Collection;
import dev.berth.registry.metadata.Collection.Forgotten;
import dev.berth.registry.metadata.Collection.Gone;
import dev.berth.registry.metadata.Collection.Looked;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.observe.AuditLog;
import dev.berth.registry.oci.Digest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the space of what lost its last reference. It works on what was noted when that
 * happened, in small steps, while everything else goes on; what is stored is never walked.
 */
@Singleton
public final class GarbageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

  /** Rows that one transaction looks at: others wait for it no longer than for a push. */
  private static final int AT_ONCE = 100;

  private final BlobStore store;
  private final Collection collection;
  private final Adoption adoption;
  private final PullTimes pullTimes;
  private final DigestLocks locks;
  private final PolicyInForce policy;
  private final AuditLog audit;
  private final Counter collected;
  private final Clock clock;
  private final Duration grace;
  private final Duration undo;

  /** Whether images stay until it is known again what runs, as it was logged. */
  private boolean waits;

  @Inject
  GarbageCollector(
      BlobStore store,
      MetadataStore metadata,
      PullTimes pullTimes,
      DigestLocks locks,
      PolicyInForce policy,
      AuditLog audit,
      MeterRegistry meters,
      Clock clock,
      RegistryConfiguration configuration) {
    this.store = store;
    this.collection = metadata.collection();
    this.adoption = metadata.adoption();
    this.pullTimes = pullTimes;
    this.locks = locks;
    this.policy = policy;
    this.audit = audit;
    this.collected = meters.counter("berth.garbage.collected.bytes");
    this.clock = clock;
    this.grace = configuration.garbageCollection().gracePeriod();
    this.undo = configuration.garbageCollection().undoWindow();
  }

  /** What a run did. */
  public record Collected(int removed, int forgotten, int erased, long freedBytes) {}

  /**
   * Takes what is due; what is not yet stays. One run at a time.
   *
   * @throws RuntimeException where the database fails; what was done until then is done
   */
  public synchronized Collected run() {
    if (adoption.state() == Adoption.State.RUNNING) {
      // What a repository holds that is yet to be adopted, no row names.
      return new Collected(0, 0, 0, 0);
    }
    int removed = look();
    int forgotten = forget();
    Erased erased = erase();
    Collected collected = new Collected(removed, forgotten, erased.files, erased.bytes);
    if (removed + forgotten + erased.files > 0) {
      LOG.info(
          "garbage collection: {} removed, {} beyond undo, {} files with {} bytes deleted",
          removed,
          forgotten,
          erased.files,
          erased.bytes);
    }
    return collected;
  }

  private int look() {
    int removed = 0;
    // What one step adds to the queue is due after its grace: where that is nothing, at once.
    Instant since = clock.instant().minus(grace);
    Looked manifests = new Looked(AT_ONCE, List.of());
    while (manifests.looked() == AT_ONCE && mayTakeImages()) {
      // A run may take a while, and somebody pull in it.
      pullTimes.write();
      manifests = collection.lookAtManifests(since, this::runs, AT_ONCE);
      removed += record(manifests, "manifest");
    }
    Looked blobs;
    do {
      blobs = collection.lookAtBlobs(since, AT_ONCE);
      removed += record(blobs, "blob");
    } while (blobs.looked() == AT_ONCE);
    return removed;
  }

  /** Where it is not known what Pods run, what is noted stays as it is. */
  private boolean mayTakeImages() {
    boolean known = policy.knowsWhatRuns();
    if (known == waits && !policy.revision().isEmpty()) {
      waits = !known;
      if (waits) {
        LOG.warn(
            "the operator does not say any more what Pods run: no image goes by a rule or as garbage"
                + " until it does");
      } else {
        LOG.info("the operator says again what Pods run: images go by rules and as garbage");
      }
    }
    return known;
  }

  private int record(Looked looked, String what) {
    for (Gone gone : looked.removed()) {
      audit.byItself(
          AuditLog.COLLECTOR,
          "remove " + what,
          gone.repository().value(),
          gone.digest().toString(),
          "nothing referred to it for longer than its grace");
    }
    return looked.removed().size();
  }

  private boolean runs(Digest digest) {
    return policy.space().running().contains(digest.toString());
  }

  private int forget() {
    int forgotten = 0;
    Forgotten step;
    do {
      step = collection.forget(clock.instant().minus(undo), this::runs, AT_ONCE);
      forgotten += step.rows() - step.back().size();
      for (Gone back : step.back()) {
        audit.byItself(
            AuditLog.COLLECTOR,
            "restore manifest",
            back.repository().value(),
            back.digest().toString(),
            "a Pod runs it that was not known to when it was removed");
      }
    } while (step.rows() >= AT_ONCE);
    return forgotten;
  }

  private record Erased(int files, long bytes) {}

  private Erased erase() {
    int files = 0;
    long bytes = 0;
    List<Digest> unnamed = collection.unnamed(AT_ONCE);
    while (!unnamed.isEmpty()) {
      Map<Digest, Long> erased = erase(unnamed);
      files += erased.size();
      bytes += erased.values().stream().mapToLong(Long::longValue).sum();
      List<Digest> next = collection.unnamed(AT_ONCE);
      // What could not be deleted is still there, and would be for ever.
      unnamed = next.equals(unnamed) ? List.of() : next;
    }
    return new Erased(files, bytes);
  }

  private Map<Digest, Long> erase(List<Digest> unnamed) {
    try (DigestLocks.Held _ = locks.erasing(unnamed)) {
      Map<Digest, Long> erasing = collection.beginErasing(unnamed);
      List<Digest> failed = new ArrayList<>();
      for (Digest digest : erasing.keySet()) {
        try {
          store.delete(digest);
        } catch (IOException e) {
          failed.add(digest);
          LOG.warn("the content {} could not be deleted; it is tried again", digest, e);
        }
      }
      failed.forEach(erasing::remove);
      collection.erased(erasing.keySet());
      erasing.forEach(this::erased);
      return erasing;
    }
  }

  private void erased(Digest digest, long bytes) {
    collected.increment((double) bytes);
    audit.byItself(
        AuditLog.COLLECTOR, "erase", "", digest.toString(), "no repository holds it any more");
  }
}
