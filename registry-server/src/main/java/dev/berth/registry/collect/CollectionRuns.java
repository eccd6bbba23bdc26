package dev.berth.registry.collect;

import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.collect.GarbageCollector.Collected;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.Collection;
import dev.berth.registry.metadata.MetadataStore;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When garbage is collected: now and then, and when somebody asks. */
@Singleton
public final class CollectionRuns implements ApplicationEventListener<StartupEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionRuns.class);

  private final GarbageCollector collector;
  private final Collection collection;
  private final PolicyInForce policy;
  private final TaskScheduler scheduler;
  private final Clock clock;
  private final Duration interval;
  private volatile @Nullable ScheduledFuture<?> scheduled;

  CollectionRuns(
      GarbageCollector collector,
      MetadataStore metadata,
      PolicyInForce policy,
      @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler,
      Clock clock,
      RegistryConfiguration configuration) {
    this.collector = collector;
    this.collection = metadata.collection();
    this.policy = policy;
    this.scheduler = scheduler;
    this.clock = clock;
    this.interval = configuration.garbageCollection().interval();
  }

  @Override
  public void onApplicationEvent(StartupEvent event) {
    scheduled = scheduler.scheduleWithFixedDelay(interval, interval, this::sometimes);
  }

  @PreDestroy
  void end() {
    ScheduledFuture<?> runs = scheduled;
    if (runs != null) {
      runs.cancel(false);
    }
  }

  private void sometimes() {
    try {
      String request = policy.space().collectRequest();
      boolean asked = request != null && collection.lastRequest().filter(request::equals).isEmpty();
      Collected collected = collector.run();
      if (asked || collected.removed() + collected.forgotten() + collected.erased() > 0) {
        collection.ran(clock.instant(), collected.freedBytes());
      }
      if (request != null && asked) {
        collection.carriedOut(request);
      }
    } catch (RuntimeException e) {
      LOG.warn("garbage collection broke off; it goes on with the next run", e);
    }
  }

  /** Runs at once, and says how things are afterwards. */
  public Collection.Summary now() {
    Instant at = clock.instant();
    Collected collected = collector.run();
    collection.ran(at, collected.freedBytes());
    return collection.summary();
  }
}
