package dev.berth.registry.observe;

import dev.berth.registry.metadata.Accounts;
import dev.berth.registry.metadata.Accounts.Account;
import dev.berth.registry.metadata.Collection;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.oci.RepositoryName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much is stored, from the sums that pushes and deletes keep. Of repositories only the largest
 * have series of their own: names are endless, and a series for each would be too.
 */
@Singleton
public final class StorageMetrics {
  public static final int MOST_REPOSITORIES = 100;

  private static final Logger LOG = LoggerFactory.getLogger(StorageMetrics.class);
  private static final String KIND = "kind";
  private static final String REPOSITORY = "repository";

  /** However often somebody asks. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final MetadataStore metadata;
  private final Clock clock;
  private final MultiGauge bytes;
  private final MultiGauge objects;
  private final MultiGauge lastCollection;
  private final MultiGauge repositoryBytes;
  private final MultiGauge repositoryTags;
  private final MultiGauge repositoryManifests;
  private volatile Map<RepositoryName, Long> unique = Map.of();
  private @Nullable Instant refreshedAt;

  StorageMetrics(MeterRegistry meters, MetadataStore metadata, Clock clock) {
    this.metadata = metadata;
    this.clock = clock;
    this.bytes = MultiGauge.builder("berth.storage.bytes").register(meters);
    this.objects = MultiGauge.builder("berth.storage.objects").register(meters);
    this.lastCollection =
        MultiGauge.builder("berth.garbage.collection.last.timestamp.seconds").register(meters);
    this.repositoryBytes = MultiGauge.builder("berth.repository.bytes").register(meters);
    this.repositoryTags = MultiGauge.builder("berth.repository.tags").register(meters);
    this.repositoryManifests = MultiGauge.builder("berth.repository.manifests").register(meters);
  }

  /** Asks the database before the metrics are read; where it does not answer, they stay. */
  public synchronized void refresh() {
    Instant now = clock.instant();
    if (refreshedAt != null && now.isBefore(refreshedAt.plus(FRESH))) {
      return;
    }
    try {
      registry();
      repositories();
      refreshedAt = now;
    } catch (RuntimeException e) {
      LOG.warn("the metrics of the storage are old: the database does not answer", e);
    }
  }

  private void registry() {
    Usage usage = metadata.usage();
    Collection.Summary garbage = metadata.collection().summary();
    bytes.register(
        List.of(
            row(KIND, "logical", usage.logicalBytes()),
            row(KIND, "unique", usage.physicalBytes() - garbage.quarantinedBytes()),
            row(KIND, "physical", usage.physicalBytes()),
            row(KIND, "quarantined", garbage.quarantinedBytes()),
            row(KIND, "reclaimable", garbage.reclaimableBytes())),
        true);
    objects.register(
        List.of(
            row(KIND, "repositories", usage.repositories()),
            row(KIND, "tags", usage.tags()),
            row(KIND, "manifests", usage.manifests()),
            row(KIND, "lost", metadata.accounts().lost())),
        true);
    Instant last = garbage.lastRunAt();
    lastCollection.register(
        last == null ? List.of() : List.of(Row.of(Tags.empty(), last.getEpochSecond())), true);
  }

  private void repositories() {
    List<Row<?>> sizes = new ArrayList<>();
    List<Row<?>> tags = new ArrayList<>();
    List<Row<?>> manifests = new ArrayList<>();
    for (Account account : metadata.accounts().largest(MOST_REPOSITORIES)) {
      String name = account.repository().value();
      sizes.add(Row.of(Tags.of(REPOSITORY, name, KIND, "logical"), account.logicalBytes()));
      Long alone = unique.get(account.repository());
      if (alone != null) {
        sizes.add(Row.of(Tags.of(REPOSITORY, name, KIND, "unique"), alone));
      }
      tags.add(row(REPOSITORY, name, account.tags()));
      manifests.add(row(REPOSITORY, name, account.manifests()));
    }
    repositoryBytes.register(sizes, true);
    repositoryTags.register(tags, true);
    repositoryManifests.register(manifests, true);
  }

  private static Row<?> row(String label, String value, long number) {
    return Row.of(Tags.of(label, value), number);
  }

  /** No count of it is kept: who shares a layer changes with every push of others. */
  @Scheduled(initialDelay = "1m", fixedDelay = "10m")
  @ExecuteOn(TaskExecutors.BLOCKING)
  public void measureUnique() {
    try {
      Accounts accounts = metadata.accounts();
      Map<RepositoryName, Long> measured = new HashMap<>();
      for (Account account : accounts.largest(MOST_REPOSITORIES)) {
        measured.put(account.repository(), accounts.uniqueBytes(account.repository()));
      }
      unique = measured;
    } catch (RuntimeException e) {
      LOG.warn("unique bytes of repositories could not be measured; it is tried again", e);
    }
  }
}
