package dev.berth.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often one caller may ask: a user by its name, everybody else by the address that the
 * connection comes from. A caller that nobody remembers has its whole burst, so that forgetting one
 * after the time in which it would have filled up changes nothing.
 */
@Singleton
final class RequestRate {
  /** Of more callers than these, those are forgotten that have not asked for longest. */
  private static final int MOST_CALLERS = 100_000;

  private final RegistryConfiguration.Requests limit;
  private final TimeMeter time;

  /** By {@link Caller#principal}. */
  private final @Nullable Cache<String, Bucket> buckets;

  @Inject
  RequestRate(RegistryConfiguration configuration) {
    this(configuration.limits().requests(), TimeMeter.SYSTEM_NANOTIME);
  }

  RequestRate(RegistryConfiguration.Requests limit, TimeMeter time) {
    this.limit = limit;
    this.time = time;
    this.buckets =
        limit.perSecond() == 0
            ? null
            : Caffeine.newBuilder()
                .maximumSize(MOST_CALLERS)
                .expireAfterAccess(Duration.ofSeconds(1L + limit.burst() / limit.perSecond()))
                .ticker(time::currentTimeNanos)
                .build();
  }

  /**
   * Notes who sent a request and counts it, once however often the request asks who it is from.
   *
   * @param caller anonymous also where the credentials are wrong
   * @throws OciException TOOMANYREQUESTS
   */
  void identified(HttpRequest<?> request, Caller caller) {
    Cache<String, Bucket> counted = buckets;
    boolean first = counted != null && request.getAttribute(Caller.ATTRIBUTE).isEmpty();
    request.setAttribute(Caller.ATTRIBUTE, caller);
    if (counted != null && first) {
      Bucket bucket = counted.get(caller.principal(request.getRemoteAddress()), _ -> full());
      if (!bucket.tryConsume(1)) {
        throw tooMany(caller, bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
      }
    }
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(
            rate ->
                rate.capacity(limit.burst()).refillGreedy(limit.perSecond(), Duration.ofSeconds(1)))
        .withCustomTimePrecision(time)
        .build();
  }

  private OciException tooMany(Caller caller, long nanos) {
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999));
    return OciException.tooManyRequests(
        (caller.isAnonymous()
                ? "requests without credentials come from this address"
                : "requests come from this user")
            + " faster than "
            + limit.perSecond()
            + " a second; wait "
            + seconds
            + " s and ask more slowly"
            + (caller.isAnonymous() ? ", or log in" : ""),
        seconds);
  }
}
