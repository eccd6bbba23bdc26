package dev.berth.registry.content;

import dev.berth.registry.metadata.Collection.Pull;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when images were asked for, and writes it down now and then: a row for each pull would
 * be written to all the time. There are never more than what is stored.
 */
@Singleton
public final class PullTimes {
  private static final Logger LOG = LoggerFactory.getLogger(PullTimes.class);
  private static final int AT_ONCE = 500;

  private final MetadataStore metadata;
  private final Clock clock;
  private final ConcurrentMap<Pull, Instant> pulls = new ConcurrentHashMap<>();

  PullTimes(MetadataStore metadata, Clock clock) {
    this.metadata = metadata;
    this.clock = clock;
  }

  void pulled(RepositoryName repository, Reference reference, Digest digest) {
    pulls.put(new Pull(repository, reference, digest), clock.instant());
  }

  @PreDestroy
  @Scheduled(initialDelay = "30s", fixedDelay = "30s")
  @ExecuteOn(TaskExecutors.BLOCKING)
  void run() {
    try {
      write();
    } catch (RuntimeException e) {
      LOG.warn("times of pulls could not be written; it is tried again", e);
    }
  }

  /** Writes down what was asked for so far. */
  public void write() {
    Map<Pull, Instant> some = new HashMap<>();
    for (Map.Entry<Pull, Instant> pull : pulls.entrySet()) {
      some.put(pull.getKey(), pull.getValue());
      if (some.size() == AT_ONCE) {
        write(some);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      write(some);
    }
  }

  private void write(Map<Pull, Instant> some) {
    metadata.collection().pulled(some);
    // A pull that came meanwhile has another time, and stays.
    some.forEach(pulls::remove);
  }
}
