package dev.berth.operator.nodeaccess;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator knows of the trials of one Registry before its caches do, and what no object
 * tells. An operator that starts anew does without.
 */
final class CanaryMemory {
  private final Map<String, Instant> begun = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, String> words = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  /** Drops what is of Jobs that are gone. */
  synchronized void retain(List<Job> jobs) {
    Set<String> uids = jobs.stream().map(CanaryMemory::uid).collect(Collectors.toSet());
    words.keySet().retainAll(uids);
    read.retainAll(uids);
  }

  synchronized void begin(String pool, Instant now) {
    begun.put(pool, now);
  }

  /** Pools whose Job was made, whether a cache has it or not. */
  synchronized Set<String> begun(Instant now) {
    begun.values().removeIf(at -> now.isAfter(at.plus(CanaryOutcome.LONGEST)));
    return Set.copyOf(begun.keySet());
  }

  /** The cache may have it for a moment after it was deleted. */
  synchronized boolean isRead(Job job) {
    return read.contains(uid(job));
  }

  synchronized void read(Job job, String pool, CanaryOutcome outcome) {
    read.add(uid(job));
    begun.remove(pool);
    if (Boolean.TRUE.equals(outcome.pulled())) {
      failures.remove(pool);
    } else {
      failed(pool);
    }
  }

  synchronized void failed(String pool) {
    failures.merge(pool, 1, Integer::sum);
  }

  /** In a row. */
  synchronized int failures(String pool) {
    return failures.getOrDefault(pool, 0);
  }

  /** The longest is the one that says why: of a pull that waits for its next try little is said. */
  synchronized void heard(Job job, String said) {
    words.merge(uid(job), said, (one, other) -> one.length() > other.length() ? one : other);
  }

  synchronized @Nullable String words(Job job) {
    return words.get(uid(job));
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }
}
