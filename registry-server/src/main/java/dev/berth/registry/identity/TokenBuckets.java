package dev.berth.registry.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How much each of many may do: a burst at once, and then so much in a period. One that nobody
 * remembers has its whole burst, so that forgetting one after the time in which it would have
 * filled up changes nothing.
 */
public final class TokenBuckets {
  private static final long NANOS_UP = TimeUnit.SECONDS.toNanos(1) - 1;

  private final int burst;
  private final int perPeriod;
  private final Duration period;
  private final TimeMeter time;
  private final Cache<String, Bucket> buckets;

  /**
   * Makes full ones.
   *
   * @param most that are remembered; of more, those are forgotten that were not asked for longest
   * @param period of whole seconds
   */
  public TokenBuckets(int most, int burst, int perPeriod, Duration period, TimeMeter time) {
    this.burst = burst;
    this.perPeriod = perPeriod;
    this.period = period;
    this.time = time;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterAccess(Duration.ofSeconds(1 + period.toSeconds() * burst / perPeriod))
            .ticker(time::currentTimeNanos)
            .build();
  }

  /**
   * Takes one.
   *
   * @return 0 when there was one; else the seconds until there is, at least 1
   */
  public long take(String key) {
    ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? 0
        : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() + NANOS_UP));
  }

  /** Gives one back that was taken, up to the burst. */
  void giveBack(String key) {
    bucket(key).addTokens(1);
  }

  private Bucket bucket(String key) {
    return buckets.get(
        key,
        _ ->
            Bucket.builder()
                .addLimit(rate -> rate.capacity(burst).refillGreedy(perPeriod, period))
                .withCustomTimePrecision(time)
                .build());
  }
}
