package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.policy.Canary;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.metadata.Holdings.Holding;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.retention.run.Entries;
import dev.berth.registry.retention.run.RetentionReports;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells how much each Repository's repositories hold, and what retention does with them. */
@Controller("/v1/declared")
@ExecuteOn(TaskExecutors.BLOCKING)
final class DeclaredController {
  /** A count that took longer than this is told again for a while. */
  private static final long SLOW = Duration.ofMillis(50).toNanos();

  /** A twentieth of one processor goes into counting at the most. */
  private static final long PAUSE = 20;

  private final MetadataStore metadata;
  private final PolicyInForce policy;
  private final Entries entries;
  private final RetentionReports retention;
  private @Nullable Counted counted;

  DeclaredController(
      MetadataStore metadata, PolicyInForce policy, Entries entries, RetentionReports retention) {
    this.metadata = metadata;
    this.policy = policy;
    this.entries = entries;
    this.retention = retention;
  }

  @Get
  Listing get() {
    Map<String, Total> totals = totals();
    List<Declared> declared = new ArrayList<>();
    totals.forEach(
        (name, total) ->
            declared.add(
                new Declared(
                    name,
                    total.repositories,
                    total.tags,
                    total.manifests,
                    total.logicalBytes,
                    total.uniqueBytes,
                    text(total.lastPushAt),
                    text(total.lastPullAt),
                    retention.of(name).orElse(null))));
    return new Listing(declared);
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }

  /**
   * What was counted.
   *
   * @param until it holds, as the clock of the machine counts
   */
  private record Counted(String revision, Map<String, Total> totals, long until) {}

  private synchronized Map<String, Total> totals() {
    Counted last = counted;
    String revision = policy.revision();
    if (last != null && last.revision.equals(revision) && System.nanoTime() - last.until < 0) {
      return last.totals;
    }
    long began = System.nanoTime();
    Map<String, Total> totals = count();
    long took = System.nanoTime() - began;
    counted = new Counted(revision, totals, System.nanoTime() + (took < SLOW ? 0 : took * PAUSE));
    return totals;
  }

  private Map<String, Total> count() {
    Map<String, Total> totals = new TreeMap<>();
    totals.put("", Total.NOTHING);
    policy.declared().forEach(declared -> totals.put(declared.name(), Total.NOTHING));
    for (Holding holding : metadata.holdings().all()) {
      if (!Canary.is(holding.name().value())) {
        totals.merge(entries.of(holding.name()), Total.of(holding), Total::plus);
      }
    }
    metadata
        .holdings()
        .uniqueBytes(entries::of)
        .forEach((name, bytes) -> totals.computeIfPresent(name, (n, t) -> t.unique(bytes)));
    return totals;
  }

  /** What the repositories of one entry hold. */
  private record Total(
      long repositories,
      long tags,
      long manifests,
      long logicalBytes,
      long uniqueBytes,
      @Nullable Instant lastPushAt,
      @Nullable Instant lastPullAt) {
    static final Total NOTHING = new Total(0, 0, 0, 0, 0, null, null);

    static Total of(Holding holding) {
      return new Total(
          1,
          holding.tags(),
          holding.manifests(),
          holding.bytes(),
          0,
          holding.lastPushAt(),
          holding.lastPullAt());
    }

    Total plus(Total other) {
      return new Total(
          repositories + other.repositories,
          tags + other.tags,
          manifests + other.manifests,
          logicalBytes + other.logicalBytes,
          0,
          later(lastPushAt, other.lastPushAt),
          later(lastPullAt, other.lastPullAt));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
      return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    Total unique(long bytes) {
      return new Total(repositories, tags, manifests, logicalBytes, bytes, lastPushAt, lastPullAt);
    }
  }

  /** All entries. */
  record Listing(List<Declared> declared) {
    Listing {
      Objects.requireNonNull(declared);
    }
  }

  /** One entry; absent: never, or no rules. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Declared(
      String name,
      long repositories,
      long tags,
      long manifests,
      long logicalBytes,
      long uniqueBytes,
      @Nullable String lastPushAt,
      @Nullable String lastPullAt,
      RetentionReports.@Nullable Report retention) {}
}
