package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Waits as long as an overloaded API server asks for. The client tries again by itself, but by its
 * own schedule, which begins with a tenth of a second.
 */
public final class RetryAfter implements Interceptor {
  public static final String NAME = "retry-after";

  /** In seconds: below the time that a request may take, so that none is sent after its end. */
  private static final long LONGEST = 5;

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
    long seconds = seconds(response);
    if (seconds <= 0) {
      return CompletableFuture.completedFuture(false);
    }
    Executor later = CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS);
    return CompletableFuture.supplyAsync(() -> true, later);
  }

  private static long seconds(HttpResponse<?> response) {
    String header = response.header("Retry-After");
    if (header == null || (response.code() != 429 && response.code() != 503)) {
      return 0;
    }
    try {
      return Math.min(Long.parseLong(header.strip()), LONGEST);
    } catch (NumberFormatException e) {
      // A date, which no Kubernetes API sends.
      return 0;
    }
  }
}
