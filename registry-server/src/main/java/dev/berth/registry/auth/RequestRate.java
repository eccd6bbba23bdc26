package dev.berth.registry.auth;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.TokenBuckets;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.TimeMeter;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
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

  /** By {@link Caller#principal}. */
  private final @Nullable TokenBuckets buckets;

  @Inject
  RequestRate(RegistryConfiguration configuration) {
    this(configuration.limits().requests(), TimeMeter.SYSTEM_NANOTIME);
  }

  RequestRate(RegistryConfiguration.Requests limit, TimeMeter time) {
    this.limit = limit;
    this.buckets =
        limit.perSecond() == 0
            ? null
            : new TokenBuckets(
                MOST_CALLERS, limit.burst(), limit.perSecond(), Duration.ofSeconds(1), time);
  }

  /**
   * Notes who sent a request and counts it, once however often the request asks who it is from.
   *
   * @param caller anonymous also where the credentials are wrong
   * @throws OciException TOOMANYREQUESTS
   */
  void identified(HttpRequest<?> request, Caller caller) {
    TokenBuckets counted = buckets;
    boolean first = counted != null && request.getAttribute(Caller.ATTRIBUTE).isEmpty();
    request.setAttribute(Caller.ATTRIBUTE, caller);
    if (counted != null && first) {
      long seconds = counted.take(caller.principal(request.getRemoteAddress()));
      if (seconds > 0) {
        throw tooMany(caller, seconds);
      }
    }
  }

  private OciException tooMany(Caller caller, long seconds) {
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
