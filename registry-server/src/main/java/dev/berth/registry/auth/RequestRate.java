package dev.berth.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
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

  private static final int NETWORK_BYTES = Long.BYTES;

  private final RegistryConfiguration.Requests limit;
  private final TimeMeter time;

  /** By name of the user (text), address (IPv4) or network (the first half of an IPv6 address). */
  private final @Nullable Cache<Object, Bucket> buckets;

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
    Cache<Object, Bucket> counted = buckets;
    boolean first = counted != null && request.getAttribute(Caller.ATTRIBUTE).isEmpty();
    request.setAttribute(Caller.ATTRIBUTE, caller);
    if (counted != null && first) {
      Bucket bucket = counted.get(key(request, caller), _ -> full());
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

  private static Object key(HttpRequest<?> request, Caller caller) {
    String name = caller.name();
    if (name != null) {
      return name;
    }
    InetAddress address = request.getRemoteAddress().getAddress();
    // Whoever has one IPv6 address has a whole network of them.
    return address instanceof Inet6Address
        ? ByteBuffer.wrap(address.getAddress(), 0, NETWORK_BYTES).getLong()
        : address;
  }

  private OciException tooMany(Caller caller, long nanos) {
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999));
    return new OciException(
        ErrorCode.TOOMANYREQUESTS,
        ErrorCode.TOOMANYREQUESTS.status(),
        (caller.isAnonymous()
                ? "requests without credentials come from this address"
                : "requests come from this user")
            + " faster than "
            + limit.perSecond()
            + " a second; wait "
            + seconds
            + " s and ask more slowly"
            + (caller.isAnonymous() ? ", or log in" : ""),
        Map.of(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
  }
}
